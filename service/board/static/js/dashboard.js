/** The day in numbers: shown only where the service has a dashboard. */

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { plain } from "./words.js";

const isNumber = (value) => typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));

/** The panel of the dashboard. */
export function dashboard() {
  const place = h("div", { class: "panel" }, h("p", { class: "muted" }, "Counting…"));
  get("dashboard/").then(
    (answer) => fill(place, tiles(answer), lists(answer)),
    (problem) => fill(place, h("p", { class: "fault" }, problem.message)),
  );
  return place;
}

function tiles(answer) {
  const numbers = Object.entries(answer).filter(([, value]) => isNumber(value));
  return h("dl", { class: "tiles" }, numbers.map(([name, value]) => h("div", { class: "tile" }, h("dd", null, name.endsWith("_rate") ? `${Number(value).toFixed(1)} %` : value), h("dt", null, plain(name)))));
}

function lists(answer) {
  return Object.entries(answer)
    .filter(([, value]) => Array.isArray(value) && value.length)
    .map(([name, rows]) => h("section", null, h("h3", null, plain(name)), h("ul", null, rows.slice(0, 8).map((row) => h("li", null, row.title ?? row.name ?? row.conflict_description ?? String(row.id ?? row))))));
}
