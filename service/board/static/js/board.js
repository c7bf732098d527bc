/** What the board knows, in one place, and who is told when it changes. */

const target = new EventTarget();
const KEPT = "tidyplan.board";

export const board = {
  login: null,
  features: new Set(),
  view: "day",
  date: "",
  by: "user",
  grouped: false,
  allHours: false,
  zoom: { day: 0, week: 1, month: 0 },
  filters: { text: "", team: "", status: [], busyOnly: false },
  users: new Map(),
  teams: new Map(),
  resources: new Map(),
  members: [],
  appointments: new Map(),
  closed: new Map(),
  requests: [],
  conflicts: [],
  drafts: new Map(),
  panel: "requests",
};

/** Be told of something. */
export const on = (name, listener) => target.addEventListener(name, (event) => listener(event.detail));

/** Tell of something. */
export const tell = (name, detail) => target.dispatchEvent(new CustomEvent(name, { detail }));

/** Whether whoever is logged in may do something with a resource. */
export function may(resource, action) {
  const actions = board.login?.rights[resource] ?? [];
  return actions.includes("*") || actions.includes(action);
}

/** Whether the service has a path, as its description names it. */
export const has = (path) => board.features.has(path);

const KEEP = ["view", "by", "grouped", "allHours", "zoom", "panel"];

/** Keep how the board looks for the next time, in this browser. */
export function keep() {
  localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(KEEP.map((name) => [name, board[name]]))));
  const hash = new URLSearchParams({ view: board.view, date: board.date, by: board.by });
  history.replaceState(null, "", `#${hash}`);
}

/** Look as the last time, or as the address says. */
export function restore(today) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    for (const name of KEEP) if (kept[name] !== undefined) board[name] = kept[name];
  } catch {
    localStorage.removeItem(KEPT);
  }
  const hash = new URLSearchParams(location.hash.slice(1));
  if (["day", "week", "month"].includes(hash.get("view"))) board.view = hash.get("view");
  if (["user", "team", "resource"].includes(hash.get("by"))) board.by = hash.get("by");
  board.date = /^\d{4}-\d\d-\d\d$/.test(hash.get("date") ?? "") ? hash.get("date") : today;
}
