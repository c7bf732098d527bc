/** Moving appointments: what a new place would break is told before it is dropped there, and why. */

import { board, may, has } from "./board.js";
import { announce, button, fill, h, icon } from "./dom.js";
import { ask } from "./dialogs.js";
import { change as store } from "./history.js";
import { get } from "./api.js";
import { complain, toast } from "./toasts.js";
import { refreshBar } from "./timeline.js";
import { plain } from "./words.js";
import { apiTime, spanText, wallAt } from "./zone.js";

const WAIT = 160;
let timer = 0;
let asking = null;
let panel = null;

/** Where verdicts are shown. */
export function verdictPanel() {
  panel = h("div", { class: "verdict", hidden: true, role: "status" });
  return panel;
}

/**
 * The fields that a new place sets.
 * @param {object} place `start` and `end` of the wall; `from` and `to` where the row changes, or all `subjects`
 */
export function fieldsOf(appointment, place) {
  const fields = {};
  const start = apiTime(place.start);
  const minutes = Math.round((place.end - place.start) / 60_000);
  if (Date.parse(start) !== Date.parse(appointment.start_datetime)) fields.start_datetime = start;
  if (minutes !== appointment.duration_minutes) fields.duration_minutes = minutes;
  if (place.to !== undefined) Object.assign(fields, rowFields(appointment, place.from, place.to));
  else if (place.subjects) Object.assign(fields, subjectFields(appointment, place.subjects));
  if (fields.start_datetime || fields.duration_minutes) {
    fields.start_datetime = start;
    fields.duration_minutes = minutes;
  }
  return fields;
}

const exchanged = (list, from, to) => [...new Set(from === null ? [...list, to] : list.map((id) => (id === from ? to : id)))];

function rowFields(appointment, from, to) {
  if (board.by === "resource") return { required_resources: exchanged(appointment.required_resources, from, to) };
  if (board.by === "user") return { assigned_users: exchanged(appointment.assigned_users, from, to) };
  return appointment.whole_team ? { assigned_team: to, assigned_users: [] } : { assigned_team: to };
}

function subjectFields(appointment, subjects) {
  const ids = [...new Set(subjects.filter((id) => typeof id === "number"))];
  const same = (one, other) => one.length === other.length && one.every((id) => other.includes(id));
  if (board.by === "team") return ids[0] === appointment.assigned_team ? {} : rowFields(appointment, appointment.assigned_team, ids[0]);
  const name = board.by === "user" ? "assigned_users" : "required_resources";
  const shown = appointment[name].filter((id) => ids.includes(id) || rowIsShown(id));
  return same(shown, ids) ? {} : { [name]: ids };
}

const rowIsShown = (id) => (board.by === "user" ? board.users : board.resources).has(id);

/** Ask, shortly after the last question, what a place would break; null ends it. */
export function consider(appointment, place) {
  clearTimeout(timer);
  asking?.abort();
  if (!appointment) {
    setTimeout(() => (panel.hidden = true), 80);
    return;
  }
  const fields = fieldsOf(appointment, place);
  if (!Object.keys(fields).length) {
    panel.hidden = true;
    return;
  }
  tell(place, null);
  if (has("appointments/conflicts/")) timer = setTimeout(() => dryRun(appointment, place, fields), WAIT);
}

async function dryRun(appointment, place, fields) {
  asking = new AbortController();
  try {
    const found = await tryOut(appointment, place, fields, asking.signal);
    tell(place, found);
  } catch (problem) {
    if (problem.name !== "AbortError") tell(place, null);
  }
}

/** Ask the service what a booking would break. */
export async function tryOut(appointment, place, fields, signal) {
  const next = { ...appointment, ...fields };
  const answer = await get(
    "appointments/conflicts/",
    {
      start_datetime: apiTime(place.start),
      end_datetime: apiTime(place.end),
      users: next.assigned_users,
      team: next.assigned_team,
      resources: next.required_resources,
      exclude_id: appointment.id,
    },
    { signal },
  );
  return answer.violations ?? answer.results ?? [];
}

/** Show where it would go, and what that breaks; null is not known yet. */
function tell(place, violations) {
  panel.hidden = false;
  panel.className = `verdict ${violations === null ? "is-open" : violations.length ? "is-bad" : "is-good"}`;
  const where = h("strong", null, spanText(place.start, place.end));
  if (violations === null) fill(panel, icon("clock"), h("span", null, where));
  else if (!violations.length) fill(panel, icon("check"), h("span", null, where, " fits"));
  else fill(panel, icon("warn"), h("div", null, where, h("span", null, " would break "), reasons(violations, 3)));
  if (violations) announce(violations.length ? `Would break: ${violations.map((each) => each.message).join(" ")}` : "Fits");
}

/** Violations as a list, the first few of them. */
export const reasons = (violations, most = 20) =>
  h(
    "ul",
    { class: "reasons" },
    violations.slice(0, most).map((each) => h("li", null, h("b", null, plain(each.rule)), " ", each.message)),
    violations.length > most && h("li", null, `and ${violations.length - most} more`),
  );

/** Save a move; what is refused goes back, with the reason. */
export async function move(appointment, place) {
  panel.hidden = true;
  const fields = fieldsOf(appointment, place);
  if (!Object.keys(fields).length) return refreshBar(appointment.id);
  return save(appointment, fields, `move ${appointment.title} to ${spanText(place.start, place.end)}`);
}

/**
 * Save a change; where it breaks rules, ask whether to override them, or offer the nearest places.
 * @returns the changed appointment, or null where it stays as it was
 */
export async function save(appointment, fields, label, { violations = [], canOverride = true, alternatives = [] } = {}) {
  let reason;
  if (violations.length) {
    const final = !canOverride;
    reason = await confirmBroken(appointment, fields, label, violations, alternatives, final);
    if (!reason) {
      refreshBar(appointment.id);
      return null;
    }
    if (reason.instead) return save(appointment, reason.instead, `move ${appointment.title}`);
  }
  try {
    const changed = await store(appointment, fields, label, reason);
    toast(plain(label), { kind: "good" });
    announce(`Saved: ${label}`);
    return changed;
  } catch (problem) {
    refreshBar(appointment.id);
    if (["slot_taken", "rule_violated"].includes(problem.code) && !reason && problem.violations.length) {
      return save(appointment, fields, label, problem);
    }
    complain(problem);
    return null;
  }
}

/** Tell what would break; a reason overrides it, where the role may and it is not a double booking. */
async function confirmBroken(appointment, fields, label, violations, alternatives, final) {
  const mayOverride = may("appointments", "override") && !final;
  let instead = null;
  const places = alternatives.map((slot) =>
    button(spanText(wallAt(slot.start), wallAt(slot.end)), { kind: "chip" }, (event) => {
      instead = { ...fields, ...slotFields(slot) };
      event.target.closest("dialog").close();
    }),
  );
  const content = h(
    "div",
    null,
    h("p", null, `To ${label} would break:`),
    reasons(violations),
    places.length > 0 && h("div", { class: "places" }, h("h3", null, "Nearest places that fit"), places),
    !mayOverride && h("p", { class: "muted" }, final ? "Nobody and nothing is booked twice." : "Only a planner can override this."),
  );
  const given = mayOverride
    ? await ask("This does not fit", content, { label: "Reason, to move it all the same", confirm: "Override", danger: true })
    : await ask("This does not fit", content, { confirm: "Leave it where it is" }).then(() => null);
  return instead ? { instead } : given;
}

/** The fields that a suggested slot sets. */
export function slotFields(slot) {
  const fields = { start_datetime: slot.start };
  const keys = (list) => list.map((each) => Number(each.resource ?? each.user ?? each.id ?? each));
  if (slot.users) fields.assigned_users = keys(slot.users);
  if (slot.team) fields.assigned_team = Number(slot.team.id ?? slot.team);
  if (slot.resources) fields.required_resources = keys(slot.resources);
  return fields;
}
