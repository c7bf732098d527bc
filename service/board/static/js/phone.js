/** The board on a phone: the day as a list, and from a request to a booking. */

import { board, may, on } from "./board.js";
import { conflictList } from "./conflicts.js";
import { button, choice, fill, h, icon } from "./dom.js";
import { show, statusPill, whenText, parties } from "./details.js";
import { account } from "./login.js";
import { requestList } from "./requests.js";
import { requestForm, slotFinder } from "./slots.js";
import { goTo, step, today } from "./toolbar.js";
import { clockText, dateText, offsetText, parseWall, wallAt, wallOf } from "./zone.js";

const TABS = [
  ["day", "Day", "day"],
  ["book", "Book", "plus"],
  ["requests", "Waiting", "inbox"],
  ["conflicts", "Conflicts", "warn"],
];
let tab = "day";
let who = "";

/** Make the page of a phone. */
export function phone(app) {
  board.view = "day";
  app.classList.add("phone");
  const body = h("main", { class: "phone-body", tabindex: -1 });
  const head = h("header", { class: "phone-head" });
  const foot = h("nav", { class: "phone-tabs", "aria-label": "Pages" });

  function write() {
    fill(head, h("img", { src: "/board/static/icon.svg", alt: "", width: 26, height: 26 }), h("strong", null, board.login.organization.name), h("span", { class: "zone" }, `${clockText(wallOf(Date.now()))} UTC${offsetText()}`), account());
    const size = { requests: board.requests.length, conflicts: board.conflicts.length };
    const shown = TABS.filter(([name]) => (name === "book" ? may("appointments", "create") : name === "conflicts" ? may("conflicts", "read") : true));
    fill(foot, shown.map(([name, text, picture]) => h("button", { type: "button", "aria-current": name === tab ? "page" : null, on: { click: () => go(name) } }, icon(picture), text, size[name] ? h("span", { class: "badge" }, size[name]) : null)));
  }

  function go(name) {
    tab = name;
    write();
    fill(body, { day, book: () => book(go), requests: () => h("section", null, h("h1", null, "Waiting for a time"), requestList()), conflicts: () => h("section", null, h("h1", null, "Conflicts"), conflictList()) }[name]());
    body.scrollTop = 0;
  }

  fill(app, head, body, foot);
  for (const name of ["loaded", "changed", "conflicts", "features"]) on(name, () => (tab === "book" ? write() : go(tab)));
  go(tab);
}

function day() {
  const people = [...board.users.values()].filter((each) => each.is_active).map((each) => [each.id, each.name]);
  const rows = [...board.appointments.values()]
    .filter((each) => !who || each.assigned_users.includes(Number(who)))
    .sort((one, other) => Date.parse(one.start_datetime) - Date.parse(other.start_datetime));
  const list = h("ol", { class: "cards" }, rows.map((each) => h("li", null, dayCard(each))));
  return h(
    "section",
    null,
    h(
      "div",
      { class: "phone-when" },
      button("Day before", { icon: "left", quiet: true }, () => step(-1)),
      h("h1", null, dateText(parseWall(board.date))),
      button("Day after", { icon: "right", quiet: true }, () => step(1)),
      board.date === today() ? null : button("Today", {}, () => goTo(today())),
    ),
    board.login.role === "member" ? null : choice([["", "Everybody"], ...people], who, { "aria-label": "Whose day", class: "select wide" }, (value) => ((who = value), list.closest("section").replaceWith(day()))),
    rows.length ? list : h("p", { class: "blank" }, icon("day"), h("strong", null, "Nothing is planned"), h("span", { class: "muted" }, dateText(parseWall(board.date), "long"))),
  );
}

const dayCard = (appointment) =>
  h(
    "button",
    { type: "button", class: `card day-card is-${appointment.status} priority-${appointment.priority}`, on: { click: () => show(appointment.id) } },
    h("span", { class: "day-time" }, h("strong", null, clockText(wallAt(appointment.start_datetime))), h("span", null, clockText(wallAt(appointment.end_datetime)))),
    h("span", { class: "day-text" }, h("strong", null, appointment.title), h("span", { class: "muted" }, [appointment.client_name, appointment.location].filter(Boolean).join(" · ")), h("span", { class: "muted" }, parties(appointment).flatMap(([, names]) => names).join(", ")), statusPill(appointment)),
  );

/** Request, slots, hold, booking: one step after the other. */
function book(go) {
  const place = h("section", { class: "phone-book" });
  const done = (booked) => {
    fill(place, h("div", { class: "blank is-good" }, icon("check"), h("strong", null, "Booked"), h("span", null, booked.title), h("span", null, whenText(booked))), button("Another one", { kind: "wide" }, () => go("book")));
  };
  fill(
    place,
    h("h1", null, "New request"),
    requestForm((made) => fill(place, h("h1", null, `A time for ${made.title}`), slotFinder(made, done))),
  );
  return place;
}
