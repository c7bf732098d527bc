/** What was done to appointments here, and taking it back: changes of fields, with the version each was made on. */

import { patch } from "./api.js";
import { tell } from "./board.js";
import { known, place } from "./data.js";
import { announce } from "./dom.js";
import { complain, toast } from "./toasts.js";

export const past = [];
export const future = [];
const MOST = 100;

/**
 * Change an appointment, and remember how to take it back.
 * @param {object} appointment as it is known
 * @param {object} fields what changes
 * @param {string} label what people call it
 * @param {string} [reason] why rules are overridden
 * @returns the appointment as it is then
 */
export async function change(appointment, fields, label, reason) {
  const before = Object.fromEntries(Object.keys(fields).map((name) => [name, appointment[name]]));
  const changed = await write(appointment, fields, reason);
  const entry = { id: appointment.id, label, before: backOf(appointment, before), after: fields };
  remember({ ...entry, from: appointment.version, to: changed.version });
  return changed;
}

/** Remember what was done in another way. */
export function remember(entry) {
  past.push(entry);
  if (past.length > MOST) past.shift();
  future.length = 0;
  tell("history");
}

/** What sets an appointment back: what was a request becomes one again, and a status that may not come back stays. */
function backOf(appointment, before) {
  if (appointment.status === "requested") return { status: "requested" };
  if (appointment.status === "confirmed" && "start_datetime" in before) return { ...before, status: "confirmed" };
  return before;
}

async function write(appointment, fields, reason) {
  const query = reason ? { override: true, reason } : {};
  const changed = await patch(`appointments/${appointment.id}/`, fields, { version: appointment.version, query });
  place(changed.id, changed);
  tell("appointment", changed.id);
  return changed;
}

/**
 * Go back or forth by one entry. `from` and `to` are the versions of the states before and after it; a state that is
 * reached again has a new version, and all entries that begin or end with that state learn of it.
 */
async function turn(stack, other, { side, here, there, done }) {
  const entry = stack.pop();
  if (!entry) return;
  const appointment = known(entry.id);
  if (!appointment || appointment.version !== entry[here]) {
    toast(`“${entry.label}” was changed by somebody else meanwhile, and stays.`, { kind: "bad" });
    tell("history");
    return;
  }
  try {
    const changed = await write(appointment, entry[side]);
    const old = entry[there];
    other.push(entry);
    for (const each of [...past, ...future].filter(({ id }) => id === entry.id)) {
      for (const end of ["from", "to"]) if (each[end] === old) each[end] = changed.version;
    }
    announce(`${done}: ${entry.label}`);
    toast(`${done}: ${entry.label}`, { kind: "good" });
  } catch (problem) {
    complain(problem);
  }
  tell("history");
}

export const undo = () => turn(past, future, { side: "before", here: "to", there: "from", done: "Undone" });
export const redo = () => turn(future, past, { side: "after", here: "from", there: "to", done: "Done again" });

/** Forget all, as when somebody else logs in. */
export function forget() {
  past.length = future.length = 0;
  tell("history");
}
