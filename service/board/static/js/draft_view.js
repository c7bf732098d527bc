/** A draft beside the plan: what changes, appointment by appointment, and what each term of the cost makes of it. */

import { may } from "./board.js";
import { button, fill, h, icon } from "./dom.js";
import { KINDS } from "./drafts.js";
import { plain } from "./words.js";
import { spanText, wallAt } from "./zone.js";

const number = (value) => (value === null || value === undefined ? "–" : value.toLocaleString("en-GB"));
const signed = (value) => (value > 0 ? `+${number(value)}` : number(value));

/** Show a diff, with a box for each change and a button that publishes what is ticked. */
export function draftView(run, diff, publish) {
  const changes = diff.changes.filter((change) => change.kind !== "left_out");
  const chosen = new Set(changes.map((change) => change.appointment));
  const send = button("", { kind: "primary wide", icon: "check" }, () => publish([...chosen]));
  const write = () => {
    fill(send, icon("check"), h("span", null, chosen.size === changes.length ? `Publish all ${changes.length}` : `Publish ${chosen.size} of ${changes.length}`));
    send.disabled = !chosen.size;
  };
  const pick = (change) => {
    const box = h("input", { type: "checkbox", checked: true, "aria-label": `Publish ${change.title}`, on: { change: () => (box.checked ? chosen.add(change.appointment) : chosen.delete(change.appointment), write()) } });
    return box;
  };
  write();
  const open = !run.published_at && may("runs", "publish") && changes.length > 0;
  const left = diff.changes.filter((change) => change.kind === "left_out");
  return [
    h("p", { class: "muted" }, run.published_at ? "Published." : "A draft: nothing is booked yet. It is striped on the timeline."),
    terms(diff),
    open ? send : null,
    changes.length ? h("ol", { class: "cards", "aria-label": "Changes" }, changes.map((change) => h("li", null, row(change, open ? pick(change) : null)))) : h("p", null, "It changes nothing."),
    left.length ? h("section", null, h("h3", null, `Left out: ${left.length}`), h("ul", { class: "cards" }, left.map((change) => h("li", null, row(change, null))))) : null,
  ];
}

function terms(diff) {
  const rows = diff.terms.filter((term) => term.cost_delta || term.after?.cost);
  const line = (name, before, after, delta) => h("tr", null, h("th", { scope: "row" }, name), h("td", null, number(before)), h("td", null, number(after)), h("td", { class: delta > 0 ? "is-worse" : delta < 0 ? "is-better" : "" }, signed(delta)));
  return h(
    "table",
    { class: "terms" },
    h("thead", null, h("tr", null, ["Term", "Before", "After", ""].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", null, rows.map((term) => line(plain(term.name), term.before?.cost, term.after?.cost, term.cost_delta))),
    h("tfoot", null, line("Cost", diff.cost_before, diff.cost_after, (diff.cost_after ?? 0) - (diff.cost_before ?? 0))),
  );
}

const whenOf = (place) => (place ? spanText(wallAt(place.start), wallAt(place.end)) : "no time");

function row(change, box) {
  const { text, mark } = KINDS[change.kind];
  return h(
    "label",
    { class: "card change" },
    h("span", { class: "card-head" }, box, h("strong", null, change.title), h("span", { class: "pill" }, icon(mark), text)),
    change.kind === "left_out" ? null : h("span", { class: "muted" }, `${whenOf(change.before)} → ${whenOf(change.after)}`),
    change.reasons.map((reason) => h("span", { class: "muted" }, reason)),
  );
}
