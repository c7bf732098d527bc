/** The day in numbers: shown only where the service has a dashboard. */

import { get } from "./api.js";
import { board } from "./board.js";
import { fill, h } from "./dom.js";
import { show } from "./details.js";
import { known } from "./data.js";
import { goTo } from "./toolbar.js";
import { plain } from "./words.js";
import { dayText, spanText, wallAt } from "./zone.js";

const percent = (text) => (text === null ? "–" : `${Number(text).toFixed(1)} %`);

/** The panel of the dashboard. */
export function dashboard() {
  const place = h("div", { class: "panel" }, h("p", { class: "muted" }, "Counting…"));
  get("dashboard/").then(
    (answer) => fill(place, tiles(answer), busiest(answer.utilization), ["today", "overdue", "upcoming", "recent"].map((name) => list(name, answer[name]))),
    (problem) => fill(place, h("p", { class: "fault" }, problem.message)),
  );
  return place;
}

function tiles(answer) {
  const figures = [
    ["Today", answer.today.count],
    ["Without a time", answer.totals.requested],
    ["Overdue", answer.overdue.count],
    ["In conflict", answer.unresolved_conflicts?.count],
    ["Utilization, 30 days", percent(answer.utilization.utilization_rate)],
    ["Completed", percent(answer.completion_rate)],
    ["No show", percent(answer.no_show_rate)],
    ["Upcoming", answer.upcoming.count],
  ];
  const shown = figures.filter(([, value]) => value !== undefined);
  return h("dl", { class: "tiles" }, shown.map(([name, value]) => h("div", { class: "tile" }, h("dt", null, name), h("dd", null, value))));
}

/** Who is how busy, as bars with their figures. */
function busiest({ users }) {
  if (!users?.length) return null;
  const rows = users.slice(0, 6).map((each) => {
    const rate = Number(each.utilization_rate);
    const name = each.name ?? board.users.get(each.id)?.name ?? String(each.id);
    return h("li", { class: "gauge" }, h("span", null, name), h("span", { class: "gauge-bar", vars: { "--share": `${Math.min(100, rate)}%` } }), h("strong", null, `${rate.toFixed(0)} %`));
  });
  return h("section", null, h("h3", null, "Busiest people"), h("ul", { class: "gauges" }, rows));
}

function list(name, { count, results }) {
  if (!results.length) return null;
  return h(
    "section",
    null,
    h("h3", null, plain(name), " ", h("span", { class: "badge" }, count)),
    h("ul", { class: "cards" }, results.slice(0, 5).map((row) => h("li", null, h("button", { type: "button", class: "card", on: { click: () => visit(row) } }, h("strong", null, row.title), h("span", { class: "muted" }, row.start_datetime ? spanText(wallAt(row.start_datetime), wallAt(row.end_datetime)) : "No time yet"))))),
  );
}

function visit(row) {
  if (known(row.id)) show(row.id);
  else if (row.start_datetime) goTo(dayText(wallAt(row.start_datetime)));
}
