/** One appointment: all about it, and what may be done with it. */

import { call, post } from "./api.js";
import { board, has, may, tell } from "./board.js";
import { button, h, icon } from "./dom.js";
import { known, place } from "./data.js";
import { ask, open } from "./dialogs.js";
import { remember } from "./history.js";
import { reasons, save } from "./moving.js";
import { complain, toast } from "./toasts.js";
import { MOVABLE, PRIORITY, STATUS, plain } from "./words.js";
import { apiTime, lengthText, parseWall, spanText, wallAt, wallText } from "./zone.js";

const nameOf = (map, id, kind) => map.get(id)?.name ?? `${kind} ${id}`;

/** Names of the crew, the team and the resources of an appointment. */
export function parties(appointment) {
  return [
    ["Crew", appointment.assigned_users.map((id) => nameOf(board.users, id, "user"))],
    ["Team", appointment.assigned_team === null ? [] : [nameOf(board.teams, appointment.assigned_team, "team")]],
    ["With", appointment.required_resources.map((id) => nameOf(board.resources, id, "resource"))],
  ].filter(([, names]) => names.length);
}

/** When it is, in words. */
export const whenText = (appointment) =>
  appointment.start_datetime
    ? spanText(wallAt(appointment.start_datetime), wallAt(appointment.end_datetime))
    : `No time yet, ${lengthText(appointment.duration_minutes)}`;

/** A status with its colour and mark. */
export const statusPill = ({ status }) => h("span", { class: `pill is-${status}` }, icon(STATUS[status].mark), STATUS[status].text);

/** What the bubble over a bar says. */
export function barContentTip(element) {
  const appointment = known(Number(element.dataset.appointment));
  if (!appointment) return null;
  return [
    h("strong", null, appointment.title),
    h("div", null, whenText(appointment)),
    appointment.client_name && h("div", null, appointment.client_name, appointment.location && ` · ${appointment.location}`),
    parties(appointment).map(([label, names]) => h("div", { class: "muted" }, `${label}: ${names.join(", ")}`)),
    h("div", { class: "tip-marks" }, statusPill(appointment), appointment.priority !== "normal" && h("span", { class: "pill" }, PRIORITY[appointment.priority].text), appointment.pinned && h("span", { class: "pill" }, "Pinned")),
  ];
}

function facts(appointment) {
  const needs = appointment.requirements;
  const rows = [
    ["Client", appointment.client_name],
    ["Phone", appointment.client_phone],
    ["Email", appointment.client_email],
    ["Place", appointment.location],
    ...parties(appointment).map(([label, names]) => [label, names.join(", ")]),
    ["Length", appointment.duration_minutes && lengthText(appointment.duration_minutes)],
    ["Buffers", needs && (needs.buffer_before_minutes || needs.buffer_after_minutes) ? `${needs.buffer_before_minutes} min before, ${needs.buffer_after_minutes} min after` : ""],
    ["Due", needs?.due && spanText(wallAt(needs.due), wallAt(needs.due)).replace(/–.*/, "")],
    ["Notes", appointment.client_notes || appointment.description],
  ];
  return h("dl", { class: "facts" }, rows.filter(([, text]) => text).map(([label, text]) => [h("dt", null, label), h("dd", null, text)]));
}

const ACTIONS = [
  ["confirm", "Confirm", ["scheduled", "rescheduled"], "check", "primary"],
  ["start", "Start", ["scheduled", "confirmed", "rescheduled"], "play", ""],
  ["complete", "Complete", ["scheduled", "confirmed", "rescheduled", "in_progress"], "checks", ""],
  ["no-show", "No show", ["scheduled", "confirmed", "rescheduled"], "absent", ""],
  ["unschedule", "Take off the plan", ["scheduled", "confirmed", "rescheduled"], "inbox", ""],
  ["cancel", "Cancel it", ["requested", "scheduled", "confirmed", "rescheduled", "in_progress"], "close", "danger"],
];

/** Do one of the actions of an appointment. */
export async function act(appointment, name, body = {}) {
  const changed = await post(`appointments/${appointment.id}/${name}/`, body, { version: appointment.version });
  place(changed.id, changed);
  tell("appointment", changed.id);
  return changed;
}

function actionButton(dialog, appointment, [name, text, from, picture, kind]) {
  if (!from.includes(appointment.status) || !may("appointments", name)) return null;
  return button(text, { icon: picture, kind }, async () => {
    let body = {};
    if (name === "cancel") {
      const reason = await ask("Cancel this appointment?", h("p", null, appointment.title), { label: "Reason", required: false, confirm: "Cancel the appointment", danger: true });
      if (reason === null) return;
      body = { reason };
    }
    try {
      const changed = await act(appointment, name, body);
      toast(`${appointment.title}: ${STATUS[changed.status].text.toLowerCase()}`, { kind: "good" });
      if (name === "unschedule") noteUnscheduled(appointment, changed);
      dialog.close();
    } catch (problem) {
      complain(problem);
    }
  });
}

function noteUnscheduled(appointment, changed) {
  const before = {
    start_datetime: appointment.start_datetime,
    duration_minutes: appointment.duration_minutes,
    assigned_users: appointment.assigned_users,
    assigned_team: appointment.assigned_team,
    required_resources: appointment.required_resources,
    status: "scheduled",
  };
  const label = `take ${appointment.title} off the plan`;
  remember({ id: appointment.id, label, before, after: { status: "requested" }, from: appointment.version, to: changed.version });
}

function timeForm(dialog, appointment) {
  if (!MOVABLE.has(appointment.status) || appointment.pinned || !may("appointments", "update")) return null;
  const start = h("input", { type: "datetime-local", value: wallText(wallAt(appointment.start_datetime)), required: true, step: 300, "aria-label": "Start" });
  const minutes = h("input", { type: "number", min: 1, max: 10_000, value: appointment.duration_minutes, required: true, "aria-label": "Minutes" });
  const send = async (event) => {
    event.preventDefault();
    const wall = parseWall(start.value);
    const fields = { start_datetime: apiTime(wall), duration_minutes: Number(minutes.value) };
    const label = `move ${appointment.title} to ${spanText(wall, wall + fields.duration_minutes * 60_000)}`;
    if (await save(appointment, fields, label)) dialog.close();
  };
  return h(
    "form",
    { class: "inline-form", on: { submit: send } },
    h("label", { class: "field" }, h("span", { class: "field-label" }, "Start"), start),
    h("label", { class: "field is-narrow" }, h("span", { class: "field-label" }, "Minutes"), minutes),
    h("button", { type: "submit", class: "button" }, "Move"),
  );
}

function pinButton(dialog, appointment) {
  if (!appointment.start_datetime || !may("appointments", "update")) return null;
  const text = appointment.pinned ? "Unpin" : "Pin";
  return button(text, { icon: "pin" }, async () => {
    const fields = { pinned: !appointment.pinned };
    if (await save(appointment, fields, `${text.toLowerCase()} ${appointment.title}`)) dialog.close();
  });
}

/** Show an appointment. */
export function show(id, { extra = [] } = {}) {
  const appointment = known(id);
  if (!appointment) return null;
  const conflicts = board.conflicts.filter((each) => [each.primary_appointment, each.conflicting_appointment, ...each.involved_appointments].includes(id));
  const body = h("div", { class: "details" });
  const dialog = open(appointment.title, body, { kind: "is-drawer" });
  body.append(
    h("p", { class: "details-when" }, whenText(appointment)),
    h("p", { class: "details-marks" }, statusPill(appointment), appointment.priority !== "normal" ? h("span", { class: `pill priority-${appointment.priority}` }, icon(PRIORITY[appointment.priority].mark), PRIORITY[appointment.priority].text) : "", appointment.pinned ? h("span", { class: "pill" }, icon("pin"), "Pinned") : ""),
    conflicts.length ? h("section", { class: "note is-bad" }, h("h3", null, "In conflict"), reasons(conflicts.map((each) => ({ rule: each.rule ?? each.conflict_type, message: each.conflict_description })))) : "",
    facts(appointment),
    timeForm(dialog, appointment) ?? "",
    h("div", { class: "actions" }, ACTIONS.map((action) => actionButton(dialog, appointment, action)), pinButton(dialog, appointment), extra),
    explainSection(appointment) ?? "",
  );
  return dialog;
}

/** Why it is where it is, or nowhere, where the service can tell. */
function explainSection(appointment) {
  if (!has("appointments/{id}/explain/")) return null;
  const place = h("div");
  const section = h("details", { class: "why" }, h("summary", null, appointment.start_datetime ? "Why here?" : "Why is there no time?"), place);
  section.addEventListener(
    "toggle",
    async () => {
      place.textContent = "Looking…";
      try {
        const answer = await call("GET", `appointments/${appointment.id}/explain/`);
        place.replaceChildren(explanation(answer));
      } catch (problem) {
        place.textContent = problem.message;
      }
    },
    { once: true },
  );
  return section;
}

const OFFERED = new Set(["move", "place", "window", "leave"]);

/** What would help, too, but is changed elsewhere: hours, skills, rules. */
function otherRemedies(remedies) {
  const others = remedies?.filter(({ kind }) => !OFFERED.has(kind)) ?? [];
  return others.length ? h("details", null, h("summary", null, "Changes of people and rules that would help"), h("ul", null, others.map(({ change }) => h("li", null, change)))) : null;
}

/** An explanation as sentences and lists; a short one leaves out what is offered to be done. */
export function explanation({ state, details, violations }, { short = false } = {}) {
  const list = (title, items, textOf) => (items?.length ? [h("h4", null, title), h("ul", null, items.map((each) => h("li", null, textOf(each))))] : []);
  const parts = {
    broken: () => [h("p", null, "It breaks rules where it stands."), reasons(violations)],
    left_out: () => [
      list("Why", details.causes, (each) => each.message),
      details.displacement ? h("p", null, details.displacement.message) : null,
      short ? otherRemedies(details.remedies) : list("What would help", details.remedies, (each) => each.change),
      details.causes?.length && !details.remedies?.length ? h("p", { class: "muted" }, `None of ${details.tried} changes that were tried helps.`) : null,
    ],
    placed: () => [
      h("p", null, details.message),
      list("Where else it could be", details.alternatives?.slice(0, 3), (each) => each.message),
      list("Where it could not", details.closed?.slice(0, 3), (each) => each.message),
    ],
  };
  return h("div", { class: "explanation" }, parts[state]());
}
