/** The timeline by keyboard: arrows go from bar to bar, Enter opens, M moves. */

import { movable } from "./bars.js";
import { board } from "./board.js";
import { announce } from "./dom.js";
import { show } from "./details.js";
import { open } from "./dialogs.js";
import { h } from "./dom.js";
import * as history from "./history.js";
import { consider, move } from "./moving.js";
import { idsOf, keysOf, subjectOf } from "./rows.js";
import { agenda } from "./agenda.js";
import { focusBar, refreshBar, shownRows, sketch } from "./timeline.js";
import { look, step } from "./toolbar.js";
import { complain, toast } from "./toasts.js";
import { spanText, wallAt } from "./zone.js";

let place = null;
let carried = null;

/** Listen to keys and clicks on the timeline, and to the keys that work everywhere. */
export function listen(element) {
  place = element;
  element.addEventListener("click", clicked);
  element.addEventListener("keydown", (event) => carried || walk(event));
  element.addEventListener("focusin", ({ target }) => target.matches(".bar") && rove(target));
  new MutationObserver(() => element.querySelector('.bar[tabindex="0"]') ?? rove(element.querySelector(".bar"))).observe(element, { childList: true, subtree: true });
  document.addEventListener("keydown", everywhere);
}

/** Only one bar is in the order of the Tab key. */
function rove(bar) {
  for (const other of place.querySelectorAll('.bar[tabindex="0"]')) if (other !== bar) other.tabIndex = -1;
  if (bar) bar.tabIndex = 0;
}

function clicked({ target }) {
  const bar = target.closest("[data-appointment]");
  const row = target.closest("[data-row]");
  if (bar) show(Number(bar.dataset.appointment));
  else if (row) agenda(row.dataset.row);
}

function walk(event) {
  const bar = event.target.closest(".bar");
  if (!bar) return;
  const id = Number(bar.dataset.appointment);
  if (event.key === "Enter" || event.key === " ") show(id);
  else if (event.key === "m" || event.key === "M") lift(id, bar);
  else if (event.key.startsWith("Arrow")) neighbour(bar, event.key)?.focus();
  else return;
  event.preventDefault();
}

/** The bar that lies next in a direction: along the row, or nearest in a row above or below. */
function neighbour(bar, key) {
  const here = bar.getBoundingClientRect();
  const [x, y] = [here.left, here.top + here.height / 2];
  const vertical = key === "ArrowUp" || key === "ArrowDown";
  const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  let best = null;
  let least = Infinity;
  for (const other of place.querySelectorAll(".ec-event:not(.ec-ghost) .bar")) {
    if (other === bar) continue;
    const box = other.getBoundingClientRect();
    const [dx, dy] = [box.left - x, box.top + box.height / 2 - y];
    const ahead = (vertical ? dy : dx) * sign;
    if (ahead <= (vertical ? here.height / 2 : 0) || (!vertical && Math.abs(dy) > here.height * 1.5)) continue;
    const distance = vertical ? ahead * 4 + Math.abs(dx) : ahead + Math.abs(dy) * 2;
    if (distance < least) [best, least] = [other, distance];
  }
  best?.scrollIntoView({ block: "nearest", inline: "nearest" });
  return best;
}

/** Take a bar up, to be moved by arrows. */
function lift(id, bar) {
  const appointment = board.appointments.get(id);
  if (!movable(appointment)) return toast(appointment.pinned ? "It is pinned. Unpin it first." : "This cannot be moved.", { kind: "bad" });
  const key = place.querySelector(`.bar[data-appointment="${id}"]`) === bar ? rowKeyAt(bar, appointment) : keysOf.get(idsOf(appointment)[0])?.[0];
  carried = { id, start: wallAt(appointment.start_datetime), end: wallAt(appointment.end_datetime), from: key, key };
  announce("Moving. Arrows change time and row, Shift and arrows the length. Enter drops it, Escape leaves it where it was.");
  place.classList.add("is-carrying");
  document.addEventListener("keydown", carry, true); // the bar is drawn anew at each step, and loses the focus for a moment
  sketched();
  return null;
}

function rowKeyAt(bar, appointment) {
  const box = bar.getBoundingClientRect();
  const labels = [...place.querySelectorAll("[data-row]")];
  const over = labels.find((label) => {
    const row = label.getBoundingClientRect();
    return row.top <= box.top + 4 && box.top < row.bottom + 6;
  });
  return over?.dataset.row ?? keysOf.get(idsOf(appointment)[0])?.[0] ?? "nobody";
}

function carry(event) {
  const step = board.login.organization.step_minutes * 60_000 * (event.ctrlKey ? 12 : 3);
  const rows = shownRows();
  const at = rows.findIndex((row) => row.id === carried.key);
  const moves = {
    ArrowLeft: () => (event.shiftKey ? { end: Math.max(carried.start + step, carried.end - step) } : { start: carried.start - step, end: carried.end - step }),
    ArrowRight: () => (event.shiftKey ? { end: carried.end + step } : { start: carried.start + step, end: carried.end + step }),
    ArrowUp: () => ({ key: rows[Math.max(0, at - 1)]?.id ?? carried.key }),
    ArrowDown: () => ({ key: rows[Math.min(rows.length - 1, at + 1)]?.id ?? carried.key }),
  };
  if (moves[event.key]) {
    Object.assign(carried, moves[event.key]());
    if (subjectOf(carried.key) === null) carried.key = carried.from;
    sketched();
  } else if (event.key === "Enter" || event.key === " ") drop();
  else if (event.key === "Escape") putBack();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function target() {
  const { start, end, from, key } = carried;
  return subjectOf(from) === subjectOf(key) ? { start, end } : { start, end, from: subjectOf(from), to: subjectOf(key) };
}

function sketched() {
  const appointment = board.appointments.get(carried.id);
  const keys = idsOf(appointment).flatMap((id) => keysOf.get(id) ?? []).filter((key) => key !== carried.from);
  sketch(carried.id, carried.start, carried.end, [...new Set([...keys, carried.key])]);
  consider(appointment, target());
  const row = shownRows().find((each) => each.id === carried.key);
  announce(`${row?.title ?? ""} ${spanText(carried.start, carried.end)}`);
  requestAnimationFrame(() => focusBar(carried?.id));
}

async function drop() {
  const [id, where] = [carried.id, target()];
  end();
  await move(board.appointments.get(id), where).catch(complain);
  requestAnimationFrame(() => focusBar(id));
}

function putBack() {
  const { id } = carried;
  end();
  refreshBar(id);
  announce("Left where it was.");
  requestAnimationFrame(() => focusBar(id));
}

function end() {
  carried = null;
  place.classList.remove("is-carrying");
  document.removeEventListener("keydown", carry, true);
  consider(null);
}

const KEYS = [
  ["← →  ↑ ↓", "From bar to bar"],
  ["Enter", "Open an appointment"],
  ["M", "Move it: arrows, Shift+arrows for its length, Enter drops, Escape leaves it"],
  ["Ctrl+Z, Ctrl+Y", "Undo, redo"],
  ["T", "Today"],
  ["[  ]", "Back, forward"],
  ["D  W  O", "Day, week, month"],
  ["+  −", "Zoom"],
  ["/", "Find"],
  ["U  C", "To the unscheduled, to the conflicts"],
  ["?", "This list"],
];

function help() {
  open("Keys", h("dl", { class: "keys" }, KEYS.map(([key, text]) => [h("dt", null, h("kbd", null, key)), h("dd", null, text)])), { kind: "is-small" });
}

function everywhere(event) {
  if (event.target.matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") (event.shiftKey ? history.redo : history.undo)();
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "y") history.redo();
  else if (event.ctrlKey || event.metaKey || event.altKey || carried) return;
  else if (!plainKey(event.key)) return;
  event.preventDefault();
}

function plainKey(key) {
  const click = (label) => document.querySelector(`.toolbar [aria-label="${label}"]`)?.click();
  const actions = {
    t: () => [...document.querySelectorAll(".toolbar .button")].find((each) => each.textContent === "Today")?.click(),
    "[": () => step(-1),
    "]": () => step(1),
    d: () => look({ view: "day" }),
    w: () => look({ view: "week" }),
    o: () => look({ view: "month" }),
    "+": () => click("Zoom in"),
    "-": () => click("Zoom out"),
    "/": () => document.getElementById("find")?.focus(),
    u: () => document.getElementById("tab-requests")?.click(),
    c: () => document.getElementById("tab-conflicts")?.click(),
    "?": help,
  };
  actions[key]?.();
  return Boolean(actions[key]);
}
