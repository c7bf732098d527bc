/** From a request to a booking: slots with their reasons, a hold that counts down, a booking. */

import { patch, post } from "./api.js";
import { board, has, may, tell } from "./board.js";
import { announce, button, choice, field, fill, h, icon } from "./dom.js";
import { act } from "./details.js";
import { known, place, readAppointment } from "./data.js";
import { open } from "./dialogs.js";
import { remember } from "./history.js";
import { reasons } from "./moving.js";
import { complain, toast } from "./toasts.js";
import { fieldsOf } from "./ways.js";
import { count } from "./words.js";
import { apiTime, dateText, lengthText, parseWall, clockText, spanText, wallAt, wallOf, wallText } from "./zone.js";

const DAY = 86_400_000;
const GRADES = ["Best", "Good", "Fair", "Possible"];

/** Open the dialog that finds a time for a request. */
export function findSlots(id) {
  const body = h("div", { class: "slots" });
  const dialog = open(`A time for ${known(id).title}`, body, { kind: "is-drawer" });
  fill(body, slotFinder(known(id), () => dialog.close()));
  return dialog;
}

/** The parts of the flow, for a dialog or for a phone. */
export function slotFinder(appointment, done) {
  const place = h("div", { class: "slot-list", "aria-live": "polite" });
  const tomorrow = Math.floor(wallOf(Date.now()) / DAY) * DAY;
  const from = h("input", { type: "date", value: wallText(tomorrow).slice(0, 10) });
  const until = h("input", { type: "date", value: wallText(tomorrow + 14 * DAY).slice(0, 10) });
  const moves = h("input", { type: "checkbox" });
  const can = has("appointments/suggest-slots/");
  const search = () => can && suggest(place, appointment, from.value, until.value, moves.checked, done);
  if (can) search();
  return [
    h("p", { class: "muted" }, [lengthText(appointment.duration_minutes ?? 60), appointment.client_name].filter(Boolean).join(" · ")),
    can && h("form", { class: "inline-form", on: { submit: (event) => (event.preventDefault(), search()) } }, field("From", from), field("Until", until), has("appointments/{id}/book-slot/") && h("label", { class: "check" }, moves, h("span", null, "Others may move")), h("button", { type: "submit", class: "button" }, "Find")),
    place,
    h("details", { class: "by-hand", open: !can }, h("summary", null, can ? "Another time" : "Choose a time"), byHand(appointment, place, done)),
  ];
}

async function suggest(place, appointment, from, until, moving, done) {
  const looking = h("p", { class: "muted" }, "Looking for the best times…");
  fill(place, looking);
  try {
    const body = { appointment: appointment.id, limit: 8, with_moves: moving, from: apiTime(Math.max(parseWall(from), wallOf(Math.ceil(Date.now() / 60_000) * 60_000))), until: apiTime(parseWall(until) + DAY) };
    const answer = await post("appointments/suggest-slots/", body);
    if (!looking.isConnected) return; // somebody has asked for other days meanwhile
    const slots = answer.suggestions;
    if (slots.length) {
      const note = h("p", { class: "muted" }, answer.possible ? `${count(answer.possible, "time")} would be possible. The best of them:` : "Possible only if others move:");
      fill(place, note, h("ol", { class: "cards", "aria-label": "Times" }, slots.map((slot, index) => h("li", null, card(place, appointment, slot, gradeOf(slots, index), done)))));
    } else {
      fill(place, h("div", { class: "note is-bad" }, h("strong", null, "No time in these days fits."), h("p", null, answer.reason)));
    }
    announce(`${count(slots.length, "time")} found`);
  } catch (problem) {
    if (looking.isConnected) fill(place, h("p", { class: "fault" }, problem.message));
  }
}

/** How a slot compares with the best and the worst that were found. */
function gradeOf(slots, index) {
  const costs = slots.map((slot) => slot.cost);
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  if (most === least) return 0;
  return Math.min(3, Math.floor(((costs[index] - least) / (most - least)) * 3.99));
}

const names = (list, map) => (list ?? []).map((each) => map.get(Number(each?.user ?? each?.resource ?? each?.id ?? each))?.name).filter(Boolean);

function card(place, appointment, slot, grade, done) {
  const [start, end] = [wallAt(slot.start), wallAt(slot.end)];
  const who = [...names(slot.users, board.users), ...names(slot.team ? [slot.team] : [], board.teams), ...names(slot.resources, board.resources)];
  return h(
    "button",
    { type: "button", class: `card slot grade-${grade}`, on: { click: () => (slot.moves.length ? bookWithMoves(place, appointment, slot, done) : hold(place, appointment, slot, done)) } },
    h("span", { class: "grade" }, GRADES[grade]),
    h("strong", null, `${dateText(start)}, ${clockText(start)}–${clockText(end)}`),
    who.length ? h("span", null, who.join(", ")) : null,
    slot.moves.length > 0 && h("span", { class: "moves" }, icon("moved"), h("ul", { "aria-label": "Makes way" }, slot.moves.map(moveLine))),
    slot.points.length ? h("ul", { class: "points" }, slot.points.map((point) => h("li", null, point))) : h("span", { class: "muted" }, slot.why),
  );
}

/** Who moves, from where to where. */
function moveLine({ appointment, before, after }) {
  const name = known(appointment)?.title ?? `Appointment ${appointment}`;
  const who = names(after.users, board.users).join(", ");
  const others = String(before.users) !== String(after.users) ? `, with ${who}` : "";
  return h("li", null, `${name}: ${spanText(wallAt(before.start), wallAt(before.end))} → ${spanText(wallAt(after.start), wallAt(after.end))}${others}`);
}

/** Book a slot together with the moves that it needs: nobody can hold what others still have. */
async function bookWithMoves(place, appointment, slot, done) {
  const fresh = known(appointment.id) ?? appointment;
  const moved = slot.moves.map((move) => [move, known(move.appointment)?.version]);
  try {
    const booked = await act(fresh, "book-slot", slot);
    for (const [move, from] of moved) {
      const changed = await readAppointment(move.appointment);
      putBack(move.appointment, changed);
      if (changed && from !== undefined) remember({ id: changed.id, label: `make way: ${changed.title}`, before: fieldsOf(move.before), after: fieldsOf(move.after), from, to: changed.version });
    }
    remember({ id: booked.id, label: `book ${booked.title}`, before: { status: "requested" }, after: { ...placeOf(booked), status: "scheduled" }, from: fresh.version, to: booked.version });
    toast(`Booked: ${booked.title}, ${count(slot.moves.length, "other")} moved`, { kind: "good" });
    done(booked);
  } catch (problem) {
    refused(place, appointment, problem, done);
  }
}

function putBack(id, appointment) {
  place(id, appointment);
  tell("appointment", id);
}

const keys = (list) => list?.map((each) => Number(each?.user ?? each?.resource ?? each?.id ?? each));

/** Keep a slot from others while the client decides, and book it. */
async function hold(place, appointment, slot, done) {
  const fresh = known(appointment.id) ?? appointment;
  const body = { start: slot.start };
  if (slot.users?.length) body.users = keys(slot.users);
  if (slot.team) body.team = Number(slot.team?.id ?? slot.team);
  if (slot.resources?.length) body.resources = keys(slot.resources);
  try {
    const held = await act(fresh, "hold", body);
    counting(place, held, done);
  } catch (problem) {
    refused(place, appointment, problem, done);
  }
}

function refused(place, appointment, problem, done) {
  const note = h("div", { class: "note is-bad", role: "alert" }, h("strong", null, "That time does not fit."), problem.violations.length ? reasons(problem.violations) : h("p", null, problem.message));
  const others = problem.alternatives.map((slot) => button(spanText(wallAt(slot.start), wallAt(slot.end)), { kind: "chip" }, () => hold(place, appointment, slot, done)));
  place.prepend(note, ...(others.length ? [h("div", { class: "places" }, others)] : []));
}

function counting(place, held, done) {
  const until = Date.parse(held.held_until);
  const left = h("strong", { class: "countdown", role: "timer" });
  const book = button("Book it", { kind: "primary wide big", icon: "check" }, () => confirm(held, done));
  const release = button("Let it go", { kind: "wide" }, () => letGo(held, place, done));
  const tick = () => {
    const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds) return;
    clearInterval(timer);
    book.disabled = true;
    left.textContent = "The hold has ended";
    announce("The hold has ended. Choose a time again.");
  };
  const timer = setInterval(() => (left.isConnected ? tick() : clearInterval(timer)), 500);
  fill(
    place,
    h(
      "section",
      { class: "held" },
      h("p", null, icon("hold"), " Held for you: nobody else can take it."),
      h("p", { class: "held-when" }, spanText(wallAt(held.start_datetime), wallAt(held.end_datetime))),
      h("p", null, names(held.assigned_users, board.users).join(", ")),
      left,
      book,
      release,
    ),
  );
  tick();
  book.focus();
}

async function confirm(held, done) {
  try {
    const booked = await act(known(held.id) ?? held, "confirm");
    remember({ id: booked.id, label: `book ${booked.title}`, before: { status: "requested" }, after: { ...placeOf(booked), status: "scheduled" }, from: held.version, to: booked.version });
    toast(`Booked: ${booked.title}, ${spanText(wallAt(booked.start_datetime), wallAt(booked.end_datetime))}`, { kind: "good" });
    done(booked);
  } catch (problem) {
    complain(problem);
  }
}

const placeOf = ({ start_datetime, assigned_users, assigned_team, required_resources }) => ({ start_datetime, assigned_users, assigned_team, required_resources });

async function letGo(held, where, done) {
  try {
    const fresh = known(held.id) ?? held;
    const freed = await patch(`appointments/${fresh.id}/`, { start_datetime: null, end_datetime: null, duration_minutes: fresh.duration_minutes }, { version: fresh.version });
    place(freed.id, freed);
    tell("appointment", freed.id);
    fill(where, slotFinder(freed, done));
  } catch (problem) {
    complain(problem);
  }
}

function byHand(appointment, place, done) {
  const now = Math.ceil(wallOf(Date.now()) / 900_000) * 900_000;
  const start = h("input", { type: "datetime-local", value: wallText(now + DAY), required: true, step: 300 });
  const people = [...board.users.values()].filter((each) => each.is_active).map((each) => [each.id, each.name]);
  const user = choice([["", appointment.assigned_users.length ? "As asked for" : "Nobody yet"], ...people], "", { "aria-label": "Who" });
  const send = (event) => {
    event.preventDefault();
    const slot = { start: apiTime(parseWall(start.value)) };
    if (user.value) slot.users = [Number(user.value)];
    hold(place, appointment, slot, done);
  };
  return h("form", { class: "stack", on: { submit: send } }, field("Start", start), field("Who", user), h("button", { type: "submit", class: "button wide" }, "Hold it"));
}

/** The form of a new request. */
export function requestForm(done) {
  if (!may("appointments", "create")) return null;
  const input = (name, props) => h("input", { name, ...props });
  const inputs = {
    title: input("title", { required: true, maxlength: 200, placeholder: "What is to be done" }),
    client_name: input("client_name", { maxlength: 200, autocomplete: "off" }),
    client_phone: input("client_phone", { type: "tel", maxlength: 50 }),
    duration_minutes: input("duration_minutes", { type: "number", min: 5, step: 5, value: 60, required: true, inputmode: "numeric" }),
  };
  const priority = choice([["low", "Low"], ["normal", "Normal"], ["high", "High"], ["urgent", "Urgent"]], "normal", {});
  const teams = [...board.teams.values()].filter((team) => team.is_active).map((team) => [team.id, team.name]);
  const team = choice([["", "Anybody"], ...teams], "", {});
  const send = async (event) => {
    event.preventDefault();
    const body = Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value.trim()]));
    body.duration_minutes = Number(body.duration_minutes);
    const requirements = team.value ? { team: { any_of: [Number(team.value)] } } : { crew: [{ count: 1 }] };
    try {
      const made = await post("appointments/", { ...body, priority: priority.value, status: "requested", requirements });
      place(made.id, made);
      tell("appointment", made.id);
      done(made);
    } catch (problem) {
      complain(problem);
    }
  };
  return h(
    "form",
    { class: "stack", on: { submit: send } },
    field("Title", inputs.title),
    field("Client", inputs.client_name),
    field("Phone", inputs.client_phone),
    h("div", { class: "pair" }, field("Minutes", inputs.duration_minutes), field("Priority", priority)),
    field("Team", team),
    h("button", { type: "submit", class: "button primary wide" }, "Find a time"),
  );
}

/** Open the form of a new request, and go on to its slots. */
export function newRequest() {
  const dialog = open("New request", requestForm((made) => (dialog.close(), findSlots(made.id))), { kind: "is-drawer" });
}
