/** Instants and the clock on the wall of the organization, by the time zones of the browser. */

const BUCKET = 15 * 60_000;
const DAY = 86_400_000;
const formats = new Map();
const offsets = new Map();
let zone = "UTC";

/** Choose the zone of the wall. */
export function useZone(name) {
  zone = name;
}

/** Milliseconds to add to an instant to get the wall as if it were UTC. */
export function offsetAt(moment) {
  const bucket = Math.floor(moment / BUCKET);
  const key = `${zone} ${bucket}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const start = bucket * BUCKET;
    const part = Object.fromEntries(formatOf(zone).formatToParts(start).map(({ type, value }) => [type, Number(value)]));
    offset = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) - start;
    offsets.set(key, offset);
  }
  return offset;
}

function formatOf(name) {
  if (!formats.has(name)) {
    const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" };
    formats.set(name, new Intl.DateTimeFormat("en", { ...fields, timeZone: name, hourCycle: "h23" }));
  }
  return formats.get(name);
}

/** The wall at an instant, as milliseconds since 1970 of that wall. */
export const wallOf = (moment) => moment + offsetAt(moment);

/**
 * The instant at which the wall shows a time. One that does not exist moves forward by the gap; of two it is the first.
 */
export function instantOf(wall) {
  const before = offsetAt(wall - DAY);
  const after = offsetAt(wall + DAY);
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    if (offsetAt(wall - offset) === offset) return wall - offset;
  }
  return wall - before;
}

/** Milliseconds of the wall from "2026-11-23" or "2026-11-23T09:30". */
export const parseWall = (text) => Date.parse(`${text.length === 10 ? `${text}T00:00` : text.slice(0, 16)}:00Z`);

/** "2026-11-23T09:30" of milliseconds of the wall. */
export const wallText = (wall) => new Date(wall).toISOString().slice(0, 16);

/** "2026-11-23" of milliseconds of the wall. */
export const dayText = (wall) => new Date(wall).toISOString().slice(0, 10);

/** "09:30" of milliseconds of the wall. */
export const clockText = (wall) => new Date(wall).toISOString().slice(11, 16);

/** Minutes since midnight of the wall. */
export const minuteOfDay = (wall) => Math.floor((((wall % DAY) + DAY) % DAY) / 60_000);

/** The wall at a time of the API. */
export const wallAt = (text) => wallOf(Date.parse(text));

/** The time of the API at milliseconds of the wall. */
export const apiTime = (wall) => new Date(instantOf(wall)).toISOString().replace(".000Z", "Z");

/** The wall of the date that EventCalendar hands out: its local fields are those of the wall. */
export const wallOfDate = (date) =>
  Date.UTC(date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes());

/** The present offset as "+05:30". */
export function offsetText(moment = Date.now()) {
  const minutes = Math.round(offsetAt(moment) / 60_000);
  const size = Math.abs(minutes);
  const two = (number) => String(number).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const DATES = {
  weekday: { weekday: "short", day: "numeric", month: "short" },
  long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  full: { weekday: "short", day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
  day: { day: "numeric", month: "short" },
  short: { weekday: "short", day: "numeric" },
};

/** A day of a month in as little room as possible, from milliseconds of the wall. */
export const tightText = (wall) => `${dateText(wall, "short").slice(0, 2)} ${new Date(wall).getUTCDate()}`;

/** A date in words, from milliseconds of the wall. */
export function dateText(wall, style = "weekday") {
  const key = `date ${style}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { ...DATES[style], timeZone: "UTC" }));
  return formats.get(key).format(wall);
}

/** A day and two times in words, from milliseconds of the wall. */
export const spanText = (start, end) =>
  dayText(start) === dayText(end - 1)
    ? `${dateText(start)}, ${clockText(start)}–${clockText(end)}`
    : `${dateText(start)}, ${clockText(start)} – ${dateText(end)}, ${clockText(end)}`;

/** A length in words, from minutes. */
export function lengthText(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return `${rest} min`;
  return rest ? `${hours} h ${rest} min` : `${hours} h`;
}
