/** What lies behind the bars: closed time with its reasons, and travel. */

import { board } from "./board.js";
import { h } from "./dom.js";
import { subjectOf } from "./rows.js";
import { clockText, dayText, minuteOfDay, wallAt } from "./zone.js";

const DAY = 86_400_000;
const ALL_DAY = 1440;
const cells = new Map();
const travels = new Map();
const made = new Map();

/** Cut closed time and travel by rows and days, as minutes of the wall. */
export function makeCells() {
  cells.clear();
  travels.clear();
  made.clear();
  for (const row of board.closed.values()) {
    for (const closed of row.closed) {
      const text = `${closed.reason}, ${clockText(wallAt(closed.start))}–${clockText(wallAt(closed.end))}`;
      cut(cells, row.id, closed, { text, rule: closed.rule });
    }
    for (const way of row.travel) {
      const minutes = Math.round((Date.parse(way.end) - Date.parse(way.start)) / 60_000);
      cut(travels, row.id, way, { text: `${minutes} min on the way` });
    }
  }
}

function cut(into, row, span, rest) {
  const [start, end] = [wallAt(span.start), wallAt(span.end)];
  for (let day = Math.floor(start / DAY) * DAY; day < end; day += DAY) {
    const key = `${row} ${dayText(day)}`;
    const piece = { from: Math.max(0, (start - day) / 60_000), to: Math.min(ALL_DAY, (end - day) / 60_000), ...rest };
    if (into.has(key)) into.get(key).push(piece);
    else into.set(key, [piece]);
  }
}

/** Why a row is closed at a minute of a day. */
export const reasonsAt = (row, day, minute) =>
  (cells.get(`${row} ${day}`) ?? []).filter((each) => each.from <= minute && minute < each.to).map((each) => each.text);

/** The hours of the wall that hold all that is open or booked, in minutes: nights that nobody works are not drawn. */
export function workingHours() {
  let [first, last] = [ALL_DAY, 0];
  for (const pieces of cells.values()) {
    const outside = pieces.filter((each) => each.rule === "working_hours").sort((one, other) => one.from - other.from);
    let minute = 0;
    for (const piece of [...outside, { from: ALL_DAY, to: ALL_DAY }]) {
      if (outside.length && piece.from > minute) [first, last] = [Math.min(first, minute), Math.max(last, piece.from)];
      minute = Math.max(minute, piece.to);
    }
  }
  if (first >= last) [first, last] = [7 * 60, 19 * 60];
  for (const { start_datetime: start, end_datetime: end } of board.appointments.values()) {
    const [from, to] = [minuteOfDay(wallAt(start)), minuteOfDay(wallAt(end))];
    first = Math.min(first, from);
    last = Math.max(last, to <= from ? ALL_DAY : to);
  }
  return [Math.floor(Math.max(0, first - 30) / 60) * 60, Math.ceil(Math.min(ALL_DAY, last + 30) / 60) * 60];
}

/** What is drawn in the cell of a row and a day, between two minutes of it. */
export function cellContent(row, date, [first, last]) {
  const subject = subjectOf(row);
  if (subject === undefined) return { domNodes: [h("span", { class: "group-cell" })] };
  if (subject === null) return { domNodes: [] };
  const day = `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
  const key = `${subject} ${day}`;
  const place = `${row} ${day} ${first} ${last}`;
  if (!made.has(place)) made.set(place, draw(key, first, last));
  return { domNodes: made.get(place) };
}

function draw(key, first, last) {
  const drawn = [
    ...(cells.get(key) ?? []).map((piece) => stripe("closed", piece, first, last)),
    ...(travels.get(key) ?? []).map((piece) => stripe("travel", piece, first, last)),
  ];
  return drawn.filter(Boolean);
}

function stripe(kind, piece, first, last) {
  const [from, to] = [Math.max(piece.from, first), Math.min(piece.to, last)];
  if (from >= to) return null;
  const share = (minutes) => `${((minutes / (last - first)) * 100).toFixed(3)}%`;
  const away = piece.rule && piece.rule !== "working_hours" ? " away" : "";
  return h("span", {
    class: `${kind}${away}`,
    vars: { "--from": share(from - first), "--length": share(to - from) },
    data: { tip: piece.text },
  });
}
