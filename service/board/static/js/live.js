/** What others change appears by itself. */

import { board, on, tell } from "./board.js";
import { place, readAppointment, readConflicts } from "./data.js";
import { complain } from "./toasts.js";

const WAIT = 250;
const MANY = 15;
const SUBJECTS = new Set(["user", "team", "team_member", "resource", "absence", "rule", "organization", "location"]);
const waiting = { appointments: new Set(), conflicts: false, all: false, subjects: false };
let timer = 0;
let mark = null;

/** Listen until the page is closed. */
export function follow() {
  const source = new EventSource("/api/scheduling/events/");
  source.addEventListener("change", ({ data }) => note(JSON.parse(data)));
  source.addEventListener("open", () => tell("live", true));
  source.addEventListener("error", () => {
    tell("live", false);
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 5000);
  });
}

function note({ kind, id }) {
  if (kind === "appointment" && id === undefined) waiting.all = true;
  else if (kind === "appointment") waiting.appointments.add(id);
  else if (kind === "conflict") waiting.conflicts = true;
  else if (SUBJECTS.has(kind)) waiting.all = waiting.subjects = true;
  clearTimeout(timer);
  timer = setTimeout(work, WAIT);
}

async function work() {
  const { appointments, conflicts, all, subjects } = waiting;
  Object.assign(waiting, { appointments: new Set(), conflicts: false, all: false, subjects: false });
  if (all || appointments.size > MANY) {
    tell("stale", { subjects });
    return;
  }
  try {
    if (conflicts) await readConflicts();
    const news = await Promise.all([...appointments].map(async (id) => [id, await readAppointment(id)]));
    for (const [id, appointment] of news) {
      const known = board.appointments.get(id);
      if (known && appointment && known.version >= appointment.version) continue;
      place(id, appointment);
      tell("appointment", id);
    }
    if (conflicts) tell("conflicts");
  } catch (problem) {
    complain(problem);
  }
}

/** A dot that says whether changes of others arrive. */
export function liveMark(h) {
  mark = h("span", { class: "live", data: { tip: "Connecting" } });
  on("live", (up) => {
    mark.classList.toggle("is-up", up);
    mark.dataset.tip = up ? "Changes of others appear by themselves" : "Not connected: changes of others do not appear";
  });
  return mark;
}
