/** Tried ways out: what each changes, whom it disturbs, what it costs, and one click to take it. */

import { board, tell } from "./board.js";
import { announce, button, fill, h, icon } from "./dom.js";
import { known, place, readAppointment } from "./data.js";
import { remember } from "./history.js";
import { complain, toast } from "./toasts.js";
import { count } from "./words.js";
import { lengthText, spanText, wallAt } from "./zone.js";

const KINDS = {
  move: { text: "Move", picture: "moved" },
  reassign: { text: "Reassign", picture: "people" },
  shorten: { text: "Shorten", picture: "clock" },
  make_way: { text: "Make way", picture: "moved" },
  place: { text: "Book", picture: "check" },
  lift_absence: { text: "Absence", picture: "people" },
  change_request: { text: "Ask otherwise", picture: "help" },
  unschedule: { text: "Take off the plan", picture: "inbox" },
  accept: { text: "Leave it", picture: "warn" },
};

const places = new Map();

/** Where the ways of something are shown: the same place as long as it stays as it is, however often lists are painted. */
export function placeFor(key) {
  if (!places.has(key)) places.set(key, h("div", { class: "ways-place", "aria-live": "polite" }));
  return places.get(key);
}

/**
 * Ask for ways, and show them.
 * @param {Element} where what they are shown in
 * @param {() => Promise<object>} ask answers with `options` and a `reason`
 * @param {(option: object) => Promise<unknown>} take applies one
 */
export async function showWays(where, ask, take) {
  fill(where, h("p", { class: "muted", role: "status" }, "Trying what could help…"));
  try {
    const { options, reason } = await ask();
    const choose = (option, pressed) => apply(option, pressed, take, () => showWays(where, ask, take));
    fill(
      where,
      options.length
        ? [h("h3", null, "What would help"), h("ol", { class: "ways", "aria-label": "Ways out" }, options.map((option) => h("li", null, wayCard(option, choose))))]
        : h("p", { class: "note" }, reason),
    );
    announce(options.length ? `${count(options.length, "way")} out` : reason);
  } catch (problem) {
    fill(where, h("p", { class: "fault", role: "alert" }, problem.message));
  }
}

function wayCard(option, choose) {
  const { text, picture } = KINDS[option.kind] ?? { text: option.kind, picture: "check" };
  return h(
    "article",
    { class: `way ${option.last_resort ? "is-last" : ""}`.trim(), data: { option: option.option, kind: option.kind } },
    h("p", { class: "way-head" }, icon(picture), h("strong", null, text), option.last_resort && h("span", { class: "pill" }, "Last resort"), price(option)),
    h("p", null, option.summary),
    option.changes.length > 1 && h("ul", { class: "from-to" }, option.changes.map(fromTo)),
    h("p", { class: "way-foot" }, h("span", { class: "muted" }, disturbance(option)), button("Apply", { kind: option.last_resort ? "" : "primary", icon: "check", "aria-label": `Apply: ${option.summary}` }, (event) => choose(option, event.currentTarget))),
  );
}

function price({ cost_delta: cost }) {
  if (!cost) return h("span", { class: "way-cost muted" }, "same cost");
  const amount = Math.abs(cost).toLocaleString("en");
  return h("span", { class: `way-cost ${cost > 0 ? "is-worse" : "is-better"}` }, `${cost > 0 ? "+" : "−"}${amount}`);
}

/** Whom it disturbs, in words. */
function disturbance({ people, clients }) {
  const names = people.map((id) => board.users.get(id)?.name ?? `user ${id}`);
  const told = clients ? `tell ${count(clients, "client")}` : null;
  return [names.length > 2 ? count(names.length, "person").replace("persons", "people") : names.join(" and "), told].filter(Boolean).join(", ") || "Disturbs nobody";
}

function fromTo({ title, appointment, before, after }) {
  return h(
    "li",
    null,
    h("span", { class: "from-to-title" }, title || `Appointment ${appointment}`),
    h("span", { class: "was" }, before ? placeText(before) : "No time"),
    icon("right", "becomes"),
    h("span", { class: "becomes" }, after ? placeText(after) : "No time"),
  );
}

/** When, and with whom and what. */
function placeText({ start, end, users, team, resources }) {
  const names = [...users.map((id) => board.users.get(id)?.name), users.length ? null : board.teams.get(team)?.name, ...resources.map(({ resource }) => board.resources.get(resource)?.name)];
  const minutes = (Date.parse(end) - Date.parse(start)) / 60_000;
  return [spanText(wallAt(start), wallAt(end)), names.filter(Boolean).join(", ") || lengthText(minutes)].join(" · ");
}

async function apply(option, pressed, take, again) {
  pressed.disabled = true;
  const versions = new Map(option.changes.map(({ appointment }) => [appointment, known(appointment)?.version]));
  try {
    await take(option);
    await follow(option, versions);
    toast(option.summary, { kind: "good" });
  } catch (problem) {
    complain(problem);
    if (problem.status === 409) again();
    else pressed.disabled = false;
  }
}

/** Show where everything stands now, and remember how to take it back: the one that was asked for goes back first. */
async function follow(option, versions) {
  for (const change of [...option.changes].reverse()) {
    const changed = await readAppointment(change.appointment);
    place(change.appointment, changed);
    tell("appointment", change.appointment);
    const from = versions.get(change.appointment);
    if (!changed || from === undefined) continue;
    const label = `${KINDS[option.kind]?.text.toLowerCase() ?? option.kind}: ${change.title}`;
    remember({ id: change.appointment, label, before: fieldsOf(change.before), after: fieldsOf(change.after), from, to: changed.version });
  }
}

/** The fields of an appointment at a place. */
export function fieldsOf(at) {
  if (!at) return { status: "requested" };
  const minutes = (Date.parse(at.end) - Date.parse(at.start)) / 60_000;
  return { start_datetime: at.start, duration_minutes: minutes, assigned_users: at.users, assigned_team: at.team, required_resources: at.resources.map(({ resource }) => resource), status: "scheduled" };
}
