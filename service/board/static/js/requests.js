/** What waits for a time: the dearest first, with the reasons, and ways onto the timeline. */

import { board, has, may } from "./board.js";
import { get, post } from "./api.js";
import { button, fill, h, icon } from "./dom.js";
import { explanation, show } from "./details.js";
import { grab } from "./dropping.js";
import { findSlots, newRequest } from "./slots.js";
import { placeFor, showWays } from "./ways.js";
import { PRIORITY } from "./words.js";
import { dateText, lengthText, wallAt } from "./zone.js";

const WEIGHTS = { low: 10_000, normal: 40_000, high: 160_000, urgent: 640_000 };

/** What leaving a request out costs, by its own weight or that of its priority. */
const costOf = (request) => request.requirements?.unassigned_weight ?? WEIGHTS[request.priority];

const dueOf = (request) => request.requirements?.due ?? request.requirements?.windows?.at(-1)?.end ?? "9999";

/** The list of the unscheduled. */
export function requestList() {
  const rows = [...board.requests].sort((one, other) => costOf(other) - costOf(one) || dueOf(one).localeCompare(dueOf(other)) || one.id - other.id);
  return [
    may("appointments", "create") && button("New request", { icon: "plus", kind: "wide" }, newRequest),
    rows.length
      ? h("ol", { class: "cards", "aria-label": "Unscheduled" }, rows.map((request) => h("li", null, requestCard(request))))
      : h("p", { class: "blank" }, icon("check"), h("strong", null, "Everything has a time"), h("span", { class: "muted" }, "Requests without one appear here.")),
  ].filter(Boolean);
}

function requestCard(request) {
  const { mark, text } = PRIORITY[request.priority];
  const held = request.held_until && Date.parse(request.held_until) > Date.now();
  const needs = wordsOf(request.requirements);
  const card = h(
    "article",
    { class: `card request priority-${request.priority}`, "aria-label": `${request.title}, ${text}`, data: { request: request.id } },
    h(
      "div",
      { class: "card-head" },
      mark && icon(mark, text),
      h("button", { type: "button", class: "card-title", on: { click: () => show(request.id) } }, request.title),
      h("span", { class: "muted" }, lengthText(request.duration_minutes ?? 0)),
    ),
    request.client_name && h("span", { class: "muted" }, request.client_name),
    needs.length ? h("span", { class: "needs" }, needs.map((each) => h("span", { class: "chip" }, each))) : null,
    held && h("span", { class: "pill is-requested" }, icon("hold"), "Held"),
    h("div", { class: "card-actions" }, may("appointments", "hold") && button("Find slots", { icon: "search" }, () => findSlots(request.id)), has("appointments/{id}/explain/") && whyButton(request)),
  );
  if (may("appointments", "update")) grab(card, request);
  return card;
}

/** What a request needs, in a few words. */
function wordsOf(needs) {
  if (!needs) return [];
  const skills = needs.crew.flatMap((position) => position.skills.map((skill) => (typeof skill === "string" ? skill : skill.name)));
  const people = needs.crew.reduce((sum, position) => sum + position.count, 0);
  const teams = (needs.team?.any_of ?? []).map((id) => board.teams.get(Number(id))?.name).filter(Boolean);
  const things = needs.resources.map((demand) => board.resources.get(Number(demand.resource))?.name ?? demand.resource_type).filter(Boolean);
  return [
    people > 1 && `${people} people`,
    ...new Set(skills),
    ...teams,
    ...things,
    needs.due && `due ${dateText(wallAt(needs.due))}`,
  ].filter(Boolean);
}

/** Why it has no time, and what would give it one, each by a click. */
function whyButton(request) {
  return button("Why?", { icon: "help", title: "Why it has no time, and what would help" }, async (event) => {
    const card = event.target.closest(".card");
    const why = card.querySelector(".why-place") ?? h("div", { class: "why-place note", "aria-live": "polite" });
    const ways = placeFor(`request ${request.id} ${request.version}`);
    card.append(why, ways);
    const offers = may("appointments", "suggest-resolutions");
    why.textContent = "Looking…";
    try {
      fill(why, explanation(await get(`appointments/${request.id}/explain/`), { short: offers }));
    } catch (problem) {
      why.textContent = problem.message;
    }
    if (offers) suggest(request, ways);
  });
}

const suggest = (request, place) =>
  showWays(
    place,
    () => post(`appointments/${request.id}/suggest-resolutions/`),
    (option) => post(`appointments/${request.id}/resolve/`, { option: option.option }),
  );
