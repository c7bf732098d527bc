/** Reading from the API what the board shows. */

import { all, get } from "./api.js";
import { board, may } from "./board.js";
import { instantOf, parseWall } from "./zone.js";
import { TIMED } from "./words.js";

const DAY = 86_400_000;

/** The days that are shown: milliseconds of the wall, half-open. */
export function shownDays() {
  const day = parseWall(board.date);
  const date = new Date(day);
  if (board.view === "week") {
    const monday = day - ((date.getUTCDay() + 6) % 7) * DAY;
    return [monday, monday + 7 * DAY];
  }
  if (board.view === "month") {
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    return [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1)];
  }
  return [day, day + DAY];
}

function window() {
  const [first, last] = shownDays();
  return [new Date(instantOf(first)).toISOString(), new Date(instantOf(last)).toISOString()];
}

const byId = (rows) => new Map(rows.map((row) => [row.id, row]));

/** Read people, teams, members and resources. */
export async function readSubjects() {
  const lists = ["users/", "teams/", "resources/", "team-members/"].map((path) => all(path, { ordering: "id" }));
  const [users, teams, resources, members] = await Promise.all(lists);
  board.users = byId(users);
  board.teams = byId(teams);
  board.resources = byId(resources);
  board.members = members.filter((member) => member.is_active);
}

/** Read the appointments of the days that are shown. */
export async function readAppointments() {
  const [start, end] = window();
  const status = board.filters.status.includes("cancelled") ? [...TIMED, "cancelled"] : TIMED;
  const rows = await all("appointments/", { start_datetime_before: end, end_datetime_after: start, status, ordering: "id" });
  board.appointments = byId(rows);
}

/** Read when rows are closed, and who is on the way. */
export async function readClosed() {
  const [start, end] = window();
  const { rows } = await get("board/", { by: board.by, start, end });
  board.closed = byId(rows);
}

/** Read what waits for a time. */
export async function readRequests() {
  board.requests = await all("appointments/", { status: "requested", ordering: "id" });
}

/** Read the conflicts that nobody has dealt with. */
export async function readConflicts() {
  board.conflicts = may("conflicts", "read") ? await all("conflicts/unresolved/") : [];
}

/** Read one appointment anew; null if it is gone or not to be seen. */
export async function readAppointment(id) {
  try {
    return await get(`appointments/${id}/`);
  } catch (problem) {
    if (problem.status === 404) return null;
    throw problem;
  }
}

/** Put an appointment where it belongs now: on the timeline, among the requests, or nowhere. */
export function place(id, appointment) {
  const [start, end] = window();
  const waits = appointment?.status === "requested";
  const request = board.requests.findIndex((each) => each.id === id);
  if (request >= 0) board.requests.splice(request, 1);
  if (waits) board.requests.push(appointment);
  const shown =
    appointment?.start_datetime &&
    Date.parse(appointment.start_datetime) < Date.parse(end) &&
    Date.parse(appointment.end_datetime) > Date.parse(start) &&
    (appointment.status !== "cancelled" || board.filters.status.includes("cancelled"));
  if (shown) board.appointments.set(id, appointment);
  else board.appointments.delete(id);
}

/** An appointment that the board knows, wherever it is. */
export const known = (id) => board.appointments.get(id) ?? board.requests.find((each) => each.id === id);
