/** The rows of the timeline: who and what, in groups, and which of them an appointment is in. */

import { board } from "./board.js";
import { initials, plain } from "./words.js";

const NOBODY = { user: "Nobody yet", team: "No team", resource: "No resource" };

/** The subjects of the present kind of row, those out of service only if they are in use. */
function subjects() {
  const kinds = { user: board.users, team: board.teams, resource: board.resources };
  const used = usedIds();
  const own = board.login.role === "member" && board.by === "user" ? board.login.user : null;
  return [...kinds[board.by].values()]
    .filter((each) => (each.is_active && worksHere(each)) || used.has(each.id))
    .filter((each) => own === null || each.id === own)
    .filter((each) => matches(each) && (!board.filters.busyOnly || used.has(each.id)))
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** Whoever only plans or looks takes no appointments, unless a team or hours say so. */
function worksHere(subject) {
  if (board.by !== "user" || subject.role === "member") return true;
  return Boolean(subject.availability) || board.members.some((member) => member.user === subject.id);
}

function usedIds() {
  const used = new Set();
  for (const appointment of board.appointments.values()) for (const id of idsOf(appointment)) used.add(id);
  return used;
}

function matches(subject) {
  const { text, team } = board.filters;
  if (team && board.by === "user" && !teamsOf(subject.id).includes(Number(team))) return false;
  if (team && board.by === "team" && subject.id !== Number(team)) return false;
  if (!text) return true;
  const wanted = text.toLowerCase();
  if (subject.name.toLowerCase().includes(wanted)) return true;
  return [...board.appointments.values()].some((each) => idsOf(each).includes(subject.id) && saysText(each, wanted));
}

/** Whether a text occurs in what people look for in an appointment. */
export const saysText = (appointment, wanted) =>
  [appointment.title, appointment.client_name, appointment.location].some((text) => text?.toLowerCase().includes(wanted));

/** The ids of the subjects of the present kind that an appointment takes. */
export function idsOf(appointment) {
  if (board.by === "user") return appointment.assigned_users;
  if (board.by === "resource") return appointment.required_resources;
  return appointment.assigned_team === null ? [] : [appointment.assigned_team];
}

const teamsOf = (user) => board.members.filter((member) => member.user === user).map((member) => member.team);

function groupsOf(subject) {
  if (board.by === "resource") return [`type ${subject.resource_type}`];
  const teams = teamsOf(subject.id).filter((team) => board.teams.get(team)?.is_active);
  return teams.length ? teams.map((team) => `team ${team}`) : ["none"];
}

function groupTitle(group) {
  if (group === "none") return "Without a team";
  const [kind, key] = group.split(" ");
  return kind === "team" ? board.teams.get(Number(key)).name : plain(key);
}

/** Where each subject stands: id to the keys of its rows. */
export const keysOf = new Map();

const rowOf = (subject, key) => ({
  id: key,
  title: subject.name,
  extendedProps: { subject: subject.id, detail: detailOf(subject), initials: initials(subject.name), kind: board.by },
});

function detailOf(subject) {
  if (board.by === "resource") return [plain(subject.resource_type), subject.location].filter(Boolean).join(" · ");
  if (board.by === "team") {
    const members = board.members.filter((member) => member.team === subject.id).length;
    return members === 1 ? "1 member" : `${members} members`;
  }
  return subject.skills.map((skill) => (typeof skill === "string" ? skill : skill.name)).join(", ");
}

/** Make the rows, as EventCalendar wants them, and note where every subject stands. */
export function makeRows() {
  keysOf.clear();
  const groups = new Map();
  const flat = [];
  for (const subject of subjects()) {
    const grouped = board.grouped && board.by !== "team";
    for (const group of grouped ? groupsOf(subject) : [""]) {
      const key = group ? `${subject.id}.${group.replace(" ", "-")}` : String(subject.id);
      keysOf.set(subject.id, [...(keysOf.get(subject.id) ?? []), key]);
      const row = rowOf(subject, key);
      if (group) groups.set(group, [...(groups.get(group) ?? []), row]);
      else flat.push(row);
    }
  }
  const titles = [...groups.keys()].sort((one, other) => groupTitle(one).localeCompare(groupTitle(other)));
  const rows = groups.size ? titles.flatMap((group) => inGroup(group, groups.get(group))) : flat;
  const loose = [...board.appointments.values()].some((each) => !idsOf(each).length);
  if (loose && board.by !== "resource") {
    rows.push({ id: "nobody", title: NOBODY[board.by], extendedProps: { nobody: true, initials: "–", detail: "" } });
  }
  return rows;
}

/** The groups that are folded. */
export const folded = new Set();

const inGroup = (group, rows) => [
  { id: `group ${group}`, title: groupTitle(group), extendedProps: { group, size: rows.length } },
  ...(folded.has(group) ? [] : rows),
];

/** The subject of a row by its key; null for nobody, undefined for a group. */
export function subjectOf(key) {
  if (key === "nobody") return null;
  return /^\d+/.test(key) ? Number.parseInt(key, 10) : undefined;
}
