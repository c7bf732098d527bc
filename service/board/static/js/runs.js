/** Auto-scheduling: ask for a run, watch it, compare its draft with the plan, publish all of it or some. */

import { get, post } from "./api.js";
import { board, may, tell } from "./board.js";
import { announce, button, choice, field, fill, h, icon } from "./dom.js";
import { shownDays } from "./data.js";
import { showDrafts } from "./drafts.js";
import { draftView } from "./draft_view.js";
import { complain, toast } from "./toasts.js";
import { plain } from "./words.js";
import { apiTime, dateText, dayText, parseWall, wallAt } from "./zone.js";

const DAY = 86_400_000;
const OVER = new Set(["done", "failed", "cancelled"]);
const MODES = [
  ["fill", "Fill: move nothing that is booked"],
  ["optimize", "Optimize: move what is not confirmed or pinned"],
  ["repair", "Repair: mend what broke, with the fewest changes"],
];
const PRESETS = [["", "As the organization says"], ["service", "Service first"], ["cost", "Cost first"], ["stability", "Stability first"], ["fair", "Fair to all"]];
let source = null;

/** The panel of runs. */
export function runPanel() {
  const place = h("div", { class: "panel" });
  start(place);
  return place;
}

async function start(place) {
  source?.close();
  try {
    const { results } = await get("runs/", { ordering: "-created_at", page_size: 6 });
    const active = results.find((run) => !OVER.has(run.state));
    if (active) return watch(place, active);
    fill(place, may("runs", "create") ? form(place) : null, history(place, results));
  } catch (problem) {
    complain(problem);
  }
  return null;
}

function form(place) {
  const [first, last] = shownDays();
  const from = h("input", { type: "date", required: true, value: dayText(first) });
  const until = h("input", { type: "date", required: true, value: dayText(Math.max(last - DAY, first)) });
  const mode = choice(MODES, "fill", {});
  const preset = choice(PRESETS, "", {});
  const limit = choice([[10, "10 seconds"], [30, "30 seconds"], [60, "a minute"], [300, "5 minutes"], [1800, "half an hour"]], 30, {});
  const teams = [...board.teams.values()].filter((team) => team.is_active).map((team) => [team.id, team.name]);
  const team = choice([["", "All teams"], ...teams], "", {});
  const send = async (event) => {
    event.preventDefault();
    const horizon = { start: apiTime(parseWall(from.value)), end: apiTime(parseWall(until.value) + DAY) };
    const body = { mode: mode.value, horizon, time_limit_seconds: Number(limit.value) };
    if (preset.value) body.preset = preset.value;
    if (team.value) body.scope = { teams: [Number(team.value)] };
    try {
      watch(place, await post("runs/", body));
    } catch (problem) {
      complain(problem);
    }
  };
  return h(
    "form",
    { class: "stack", on: { submit: send } },
    h("div", { class: "pair" }, field("From", from), field("To", until)),
    field("What it may do", mode),
    h("div", { class: "pair" }, field("At most", limit), field("Team", team)),
    field("What counts", preset),
    h("button", { type: "submit", class: "button primary wide" }, icon("run"), "Run"),
  );
}

function history(place, runs) {
  if (!runs.length) return null;
  const entry = (run) =>
    h(
      "button",
      { type: "button", class: "card", on: { click: () => finished(place, run) } },
      h("strong", null, `${plain(run.mode)}, ${dateText(wallAt(run.horizon.start), "day")} – ${dateText(wallAt(run.horizon.end) - 1, "day")}`),
      h("span", { class: "muted" }, run.counts ? `${run.counts.placed} placed, ${run.counts.moved} moved, ${run.counts.left_out} left out` : plain(run.state)),
      h("span", { class: "pill" }, run.published_at ? "Published" : plain(run.state)),
    );
  return h("section", null, h("h3", null, "Before"), h("ol", { class: "cards" }, runs.map((run) => h("li", null, entry(run)))));
}

/** Follow a run until it is over. */
function watch(place, run) {
  const state = h("strong", { role: "status" });
  const bar = h("progress", { max: run.time_limit_seconds, value: 0, "aria-label": "Time used" });
  const figures = h("dl", { class: "tiles" });
  const stop = button("Stop, and keep the best so far", { kind: "wide", icon: "close" }, async () => {
    stop.disabled = true;
    await post(`runs/${run.id}/cancel/`).catch(complain);
  });
  fill(place, h("section", { class: "stack" }, state, bar, figures, may("runs", "cancel") ? stop : null));

  function write({ state: now, progress }) {
    state.textContent = now === "queued" ? "Waiting for a worker" : progress.method ? `Running: ${progress.method}` : "Running";
    bar.value = progress.seconds;
    const number = (value) => (value === null ? "–" : value.toLocaleString("en-GB"));
    const tiles = [
      ["Planned", `${progress.assigned} of ${progress.total}`],
      ["Cost", number(progress.cost)],
      ["Proved lower limit", number(progress.bound)],
      ["Gap", progress.gap === null ? "–" : `${(progress.gap * 100).toFixed(1)} %`],
    ];
    fill(figures, tiles.map(([name, value]) => h("div", { class: "tile" }, h("dt", null, name), h("dd", null, value))));
  }

  async function end() {
    source.close();
    const over = await get(`runs/${run.id}/`);
    announce(`The run is ${over.state}`);
    finished(place, over);
  }

  write(run);
  source = new EventSource(`/api/scheduling/runs/${run.id}/events/`);
  for (const name of ["queued", "running"]) source.addEventListener(name, ({ data }) => write(JSON.parse(data)));
  for (const name of OVER) source.addEventListener(name, () => end().catch(complain));
}

/** Show what came out. */
async function finished(place, run) {
  const back = button("All runs", { icon: "left" }, () => (showDrafts([]), start(place)));
  if (run.state === "failed") return fill(place, back, h("p", { class: "note is-bad" }, run.error || "The run failed."));
  try {
    const diff = await get(`runs/${run.id}/diff/`);
    if (!run.published_at) showDrafts(diff.changes);
    fill(place, back, draftView(run, diff, (ids) => publish(place, run, ids)));
  } catch (problem) {
    fill(place, back, h("p", { class: "note" }, problem.message));
  }
  return null;
}

async function publish(place, run, ids) {
  try {
    const answer = await post(`runs/${run.id}/publish/`, { appointment_ids: ids });
    showDrafts([]);
    toast(`${answer.published} published${answer.refused ? `, ${answer.refused} changed meanwhile and left as they are` : ""}`, { kind: answer.refused ? "bad" : "good" });
    tell("stale", {});
    await start(place);
  } catch (problem) {
    complain(problem);
  }
}
