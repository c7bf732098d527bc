/** Appointments as bars: what is written and drawn on each. */

import { board, may } from "./board.js";
import { h, icon } from "./dom.js";
import { idsOf, keysOf, saysText } from "./rows.js";
import { MOVABLE, PRIORITY, STATUS } from "./words.js";
import { clockText, spanText, wallAt, wallText } from "./zone.js";

/** Whether whoever is logged in may drag it. */
export const movable = (appointment) =>
  MOVABLE.has(appointment.status) && !appointment.pinned && may("appointments", "update");

/** The events of EventCalendar for all appointments that the filters let through. */
export const makeBars = () => [...board.appointments.values()].filter(isShown).map(barOf).filter(Boolean);

/** Whether the filters let an appointment through. */
export function isShown(appointment) {
  const { text, status } = board.filters;
  if (status.length && !status.includes(appointment.status)) return false;
  if (!text) return true;
  const wanted = text.toLowerCase();
  const kinds = { user: board.users, team: board.teams, resource: board.resources };
  return saysText(appointment, wanted) || idsOf(appointment).some((id) => kinds[board.by].get(id)?.name.toLowerCase().includes(wanted));
}

/** The event of one appointment; null where it has no row. */
export function barOf(appointment) {
  const ids = idsOf(appointment);
  const keys = ids.length ? ids.flatMap((id) => keysOf.get(id) ?? []) : ["nobody"];
  if (!keys.length || !appointment.start_datetime) return null;
  const editable = movable(appointment);
  return {
    id: String(appointment.id),
    resourceIds: keys,
    start: wallText(wallAt(appointment.start_datetime)),
    end: wallText(wallAt(appointment.end_datetime)),
    startEditable: editable,
    durationEditable: editable && board.view !== "month",
    classNames: [`is-${appointment.status}`, `priority-${appointment.priority}`, appointment.pinned ? "is-pinned" : "is-free"],
    extendedProps: { appointment: appointment.id },
  };
}

/** All about an appointment in one sentence, for those who do not see it. */
export function sentence(appointment) {
  const span = appointment.start_datetime
    ? spanText(wallAt(appointment.start_datetime), wallAt(appointment.end_datetime))
    : "no time yet";
  const who = appointment.assigned_users.map((id) => board.users.get(id)?.name ?? `user ${id}`);
  return [
    appointment.title,
    appointment.client_name,
    span,
    STATUS[appointment.status].text,
    appointment.priority === "normal" ? "" : PRIORITY[appointment.priority].text,
    appointment.pinned ? "pinned" : "",
    who.join(", "),
  ]
    .filter(Boolean)
    .join(", ");
}

/** The marks of status, priority, pin and conflict. */
export function marks(appointment) {
  const priority = PRIORITY[appointment.priority];
  return [
    inConflict.has(appointment.id) && icon("warn", "In conflict"),
    appointment.priority !== "normal" && icon(priority.mark, priority.text),
    appointment.pinned && icon("pin", "Pinned"),
    icon(STATUS[appointment.status].mark, STATUS[appointment.status].text),
  ];
}

/** The appointments that are in some conflict. */
export const inConflict = new Set();

/** Note which appointments are in conflict. */
export function noteConflicts() {
  inConflict.clear();
  for (const conflict of board.conflicts) for (const id of involved(conflict)) inConflict.add(id);
}

/** The appointments that a conflict is about. */
export const involved = (conflict) => [
  ...new Set([conflict.primary_appointment, conflict.conflicting_appointment, ...conflict.involved_appointments]),
].filter((id) => id !== null);

/** What is inside a bar. */
export function barContent({ event }) {
  const appointment = board.appointments.get(event.extendedProps.appointment) ?? event.extendedProps.request;
  if (!appointment) return { domNodes: [] };
  const minutes = Math.max(1, (event.end - event.start) / 60_000);
  const needs = appointment.requirements;
  const start = clockText(Date.UTC(2000, 0, 1, event.start.getHours(), event.start.getMinutes()));
  return {
    domNodes: [
      buffer("before", needs?.buffer_before_minutes),
      buffer("after", needs?.buffer_after_minutes),
      h(
        "div",
        {
          class: "bar",
          role: "button",
          tabindex: -1,
          "aria-label": sentence(appointment),
          data: { appointment: appointment.id, tipFor: "bar" },
          vars: { "--minutes": minutes },
        },
        h("span", { class: "bar-title" }, appointment.title),
        h("span", { class: "bar-more" }, marks(appointment), h("span", { class: "bar-detail" }, [start, appointment.client_name].filter(Boolean).join(" · "))),
      ),
    ].filter(Boolean),
  };
}

const buffer = (side, minutes) =>
  minutes ? h("span", { class: `buffer ${side}`, vars: { "--minutes": minutes }, data: { tip: `${minutes} min buffer` } }) : null;
