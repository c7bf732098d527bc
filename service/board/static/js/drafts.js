/** The draft of a run, striped beside the plan. */

import { board, tell } from "./board.js";
import { h, icon } from "./dom.js";
import { keysOf } from "./rows.js";
import { clockText, wallAt, wallText } from "./zone.js";

/** What becomes of an appointment, in a word and a mark. */
export const KINDS = {
  placed: { text: "Gets a time", mark: "plus" },
  moved: { text: "Moves", mark: "moved" },
  changed: { text: "Others come", mark: "people" },
  dropped: { text: "Loses its time", mark: "minus" },
  left_out: { text: "Stays without", mark: "inbox" },
};

/** Show the changes of a run on the timeline; none takes them away. */
export function showDrafts(changes) {
  board.drafts = new Map(changes.filter((change) => change.after).map((change) => [change.appointment, change]));
  tell("filtered");
}

const idsOfPlace = (place) => {
  if (board.by === "user") return place.users;
  if (board.by === "team") return place.team === null ? [] : [place.team];
  return place.resources.map((taken) => Number(taken.resource));
};

/** The events of EventCalendar for the draft. */
export function draftBars() {
  return [...board.drafts.values()]
    .map(({ appointment, after, title, kind }) => ({
      id: `draft ${appointment}`,
      resourceIds: idsOfPlace(after).flatMap((id) => keysOf.get(id) ?? []),
      start: wallText(wallAt(after.start)),
      end: wallText(wallAt(after.end)),
      startEditable: false,
      durationEditable: false,
      classNames: ["is-draft"],
      extendedProps: { draft: { appointment, title, kind, start: after.start } },
    }))
    .filter((bar) => bar.resourceIds.length);
}

/** What is inside the bar of a draft. */
export const draftContent = ({ appointment, title, kind, start }) =>
  h(
    "div",
    { class: "bar", role: "button", tabindex: -1, "aria-label": `Draft: ${title}, ${KINDS[kind].text}`, data: { appointment, tip: `Draft: ${title}` } },
    h("span", { class: "bar-title" }, title),
    h("span", { class: "bar-more" }, icon(KINDS[kind].mark, KINDS[kind].text), h("span", { class: "bar-detail" }, `${clockText(wallAt(start))} draft`)),
  );
