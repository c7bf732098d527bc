/** The inbox of conflicts: what clashes side by side, tried ways out, and what people decide. */

import { patch, post } from "./api.js";
import { involved } from "./bars.js";
import { board, has, may, tell } from "./board.js";
import { button, fill, h, icon } from "./dom.js";
import { known, readAppointment, readConflicts } from "./data.js";
import { parties, show, statusPill, whenText } from "./details.js";
import { ask } from "./dialogs.js";
import { focusBar } from "./timeline.js";
import { complain, toast } from "./toasts.js";
import { goTo } from "./toolbar.js";
import { placeFor, showWays } from "./ways.js";
import { IMPACT, plain } from "./words.js";
import { dateText, dayText, wallAt } from "./zone.js";

const fetched = new Map();

/** The list of conflicts, the worst first. */
export function conflictList() {
  const rows = [...board.conflicts].sort(
    (one, other) => IMPACT.indexOf(other.impact_level) - IMPACT.indexOf(one.impact_level) || one.conflict_datetime.localeCompare(other.conflict_datetime),
  );
  if (!rows.length) return h("p", { class: "blank" }, icon("check"), h("strong", null, "Nothing clashes"), h("span", { class: "muted" }, "Conflicts appear here by themselves."));
  return h("ol", { class: "cards", "aria-label": "Conflicts" }, rows.map((conflict) => h("li", null, conflictCard(conflict))));
}

function conflictCard(conflict) {
  const fixes = placeFor(`conflict ${conflict.id} ${conflict.version}`);
  return h(
    "article",
    { class: `card conflict impact-${conflict.impact_level}`, data: { conflict: conflict.id } },
    h(
      "div",
      { class: "card-head" },
      h("span", { class: `pill impact-${conflict.impact_level}` }, icon("warn"), plain(conflict.impact_level)),
      h("strong", null, plain(conflict.rule ?? conflict.conflict_type)),
      h("span", { class: "muted" }, dateText(wallAt(conflict.conflict_datetime))),
      conflict.status === "escalated" ? h("span", { class: "pill" }, "Escalated") : null,
    ),
    h("p", null, conflict.conflict_description),
    h("div", { class: "versus" }, involved(conflict).slice(0, 4).map((id) => sideOf(id))),
    fixes,
    h(
      "div",
      { class: "card-actions" },
      has("conflicts/{id}/suggest-resolutions/") && may("conflicts", "suggest-resolutions") && button("Ways out", { icon: "search" }, () => suggest(conflict, fixes)),
      has("conflicts/{id}/resolve/") && may("conflicts", "resolve") && button("Resolved", { icon: "check" }, () => done(() => post(`conflicts/${conflict.id}/resolve/`, {}, { version: conflict.version }), "Resolved")),
      may("conflicts", "update") && button("Ignore", {}, () => ignore(conflict)),
      has("conflicts/{id}/escalate/") && may("conflicts", "escalate") && conflict.status !== "escalated" && button("Escalate", {}, () => escalate(conflict)),
    ),
  );
}

/** One of the appointments that clash. */
function sideOf(id) {
  const made = h("button", { type: "button", class: "versus-side", on: { click: () => visit(id) } });
  const write = (appointment) =>
    fill(
      made,
      appointment
        ? [h("strong", null, appointment.title), h("span", null, whenText(appointment)), h("span", { class: "muted" }, parties(appointment).flatMap(([, names]) => names).join(", ")), statusPill(appointment)]
        : h("span", { class: "muted" }, `Appointment ${id}`),
    );
  const found = known(id) ?? fetched.get(id);
  write(found);
  if (!found) {
    readAppointment(id).then((appointment) => {
      if (appointment) fetched.set(id, appointment);
      write(appointment);
    }, complain);
  }
  return made;
}

/** Go to an appointment, wherever it is. */
function visit(id) {
  if (board.appointments.has(id) && focusBar(id)) return;
  const appointment = known(id) ?? fetched.get(id);
  if (appointment?.start_datetime) goTo(dayText(wallAt(appointment.start_datetime)));
  else show(id);
}

async function done(act, text) {
  try {
    await act();
    await readConflicts();
    tell("conflicts");
    toast(text, { kind: "good" });
  } catch (problem) {
    complain(problem);
  }
}

async function ignore(conflict) {
  const reason = await ask("Ignore this conflict?", h("p", null, conflict.conflict_description), { label: "Why", required: false, confirm: "Ignore" });
  if (reason !== null) await done(() => patch(`conflicts/${conflict.id}/`, { status: "ignored", resolution_notes: reason }, { version: conflict.version }), "Ignored");
}

async function escalate(conflict) {
  const reason = await ask("Hand it up?", h("p", null, conflict.conflict_description), { label: "Note", required: false, confirm: "Escalate" });
  if (reason !== null) await done(() => post(`conflicts/${conflict.id}/escalate/`, { resolution_notes: reason }, { version: conflict.version }), "Escalated");
}

const suggest = (conflict, place) =>
  showWays(
    place,
    () => post(`conflicts/${conflict.id}/suggest-resolutions/`),
    async (option) => {
      await post(`conflicts/${conflict.id}/resolve/`, { option: option.option });
      await readConflicts();
      tell("conflicts");
    },
  );
