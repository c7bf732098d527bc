/** The timeline: EventCalendar with our rows, bars and cells. */

import { barContent, barOf, isShown, makeBars } from "./bars.js";
import { board, may, tell } from "./board.js";
import { cellContent, makeCells, workingHours } from "./cells.js";
import { h, icon } from "./dom.js";
import { draftBars, draftContent } from "./drafts.js";
import { folded, idsOf, keysOf, makeRows, subjectOf } from "./rows.js";
import { forget, measure, offsetOf, windowOf } from "./windowing.js";
import { shownDays } from "./data.js";
import { keepPlain } from "./plain_roles.js";
import { dateText, offsetText, tightText, wallOfDate, wallText } from "./zone.js";

const VIEWS = { day: "resourceTimelineDay", week: "resourceTimelineWeek", month: "resourceTimelineMonth" };
const HOUR_WIDTHS = [14, 30, 44, 60, 80, 112, 160, 224];
const DAY_WIDTHS = [44, 60, 84, 120, 168];
const SIDEBAR = 212;
const loads = new Map();

let calendar = null;
let place = null;
let hours = [0, 1440];
let rows = [];
let drawn = { from: 0, to: 0 };
let onDrop = () => {};
let onTry = () => {};

/** How wide an hour is, in pixels. */
export let hourWidth = 60;

/** Make the timeline inside an element. */
export function mount(element, handlers) {
  place = element;
  ({ onDrop, onTry } = handlers);
  calendar = window.EventCalendar.create(element, {
    view: VIEWS[board.view],
    date: board.date,
    timeZone: offsetText(),
    firstDay: 1,
    headerToolbar: { start: "", center: "", end: "" },
    height: "100%",
    nowIndicator: true,
    editable: may("appointments", "update"),
    eventStartEditable: true,
    eventDurationEditable: true,
    eventLongPressDelay: 400,
    dragScroll: true,
    eventContent: content,
    dayCellContent: cell,
    resourceLabelContent: label,
    slotLabelFormat: (time) => `${String(time.getHours()).padStart(2, "0")}:00`,
    dayHeaderFormat: (date) => dateText(wallOfDate(date)),
    eventTimeFormat: () => "",
    dragConstraint: ({ event, newResource }) => {
      const target = newResource?.id ?? event.resourceIds[0];
      return subjectOf(target) !== undefined && target !== "nobody";
    },
    eventDrop: (info) => dropped(info, info.oldResource, info.newResource),
    eventResize: (info) => dropped(info),
    eventDragStop: () => onTry(null),
    eventResizeStop: () => onTry(null),
    resources: [],
    events: [],
    views: {
      resourceTimelineDay: { dayHeaderFormat: (date) => dateText(wallOfDate(date), "long") },
      resourceTimelineMonth: { dayHeaderFormat: (date) => tightText(wallOfDate(date)) },
    },
  });
  keepPlain(element);
  new ResizeObserver(() => (fit(), draw())).observe(element);
  element.addEventListener("scroll", () => requestAnimationFrame(() => draw()), { capture: true, passive: true });
  addEventListener("beforeprint", () => draw({ all: true }));
  addEventListener("afterprint", () => draw({ again: true }));
  return calendar;
}

/** Show the days, rows, bars and cells anew. */
export function paint() {
  makeCells();
  measureLoads();
  hours = board.allHours || board.view === "month" ? [0, 1440] : workingHours();
  rows = makeRows();
  forget();
  const set = (name, value) => calendar.setOption(name, value);
  set("view", VIEWS[board.view]);
  set("date", board.date);
  set("timeZone", offsetText());
  set("slotMinTime", { minutes: hours[0] });
  set("slotMaxTime", { minutes: hours[1] });
  fit();
  set("dayCellContent", (info) => cell(info));
  draw({ again: true });
  place.dataset.view = board.view;
  place.classList.toggle("is-empty", !rows.length);
  tell("painted", { rows: rows.length });
}

/** Draw the rows in view, if they are not drawn already. */
function draw({ again = false, all = false } = {}) {
  if (!calendar) return;
  const main = place.querySelector(".ec-main");
  if (!again) measure(rows.slice(drawn.from, drawn.to), place.querySelectorAll(".ec-row-head"));
  const next = all ? { from: 0, to: rows.length, above: 0, below: 0 } : windowOf(rows, main?.scrollTop ?? 0, main?.clientHeight ?? 800, again ? { from: 0, to: -1 } : drawn);
  if (!again && next.from === drawn.from && next.to === drawn.to) return;
  drawn = next;
  const shown = rows.slice(next.from, next.to);
  const keys = new Set(shown.map((row) => row.id));
  place.style.setProperty("--above", `${next.above}px`);
  place.style.setProperty("--below", `${next.below}px`);
  calendar.setOption("resources", shown);
  calendar.setOption("events", [...makeBars(), ...draftBars()].filter((bar) => bar.resourceIds.some((key) => keys.has(key))));
}

/** Fit the width of an hour, or of a day, to the zoom and the room. */
export function fit() {
  if (!calendar) return;
  const [first, last] = shownDays();
  const days = Math.round((last - first) / 86_400_000);
  const room = Math.max(300, place.clientWidth - SIDEBAR - 16);
  const zoom = board.zoom[board.view];
  if (board.view === "month") {
    const least = Math.max(DAY_WIDTHS[0], Math.floor(room / days));
    const width = zoom ? Math.max(least, DAY_WIDTHS[Math.min(zoom, DAY_WIDTHS.length - 1)]) : least;
    calendar.setOption("columnWidth", zoom ? `${width}px` : `minmax(${DAY_WIDTHS[0]}px, 1fr)`);
    hourWidth = width / 24;
  } else {
    const shown = (days * (hours[1] - hours[0])) / 60;
    const least = Math.max(board.view === "day" ? 36 : HOUR_WIDTHS[0], Math.floor(room / shown));
    const from = HOUR_WIDTHS.findIndex((width) => width > least);
    hourWidth = zoom ? (HOUR_WIDTHS[Math.min(from + zoom - 1, HOUR_WIDTHS.length - 1)] ?? least) : least;
    hourWidth = Math.max(4, Math.round(hourWidth / 2) * 2);
    calendar.setOption("slotDuration", "00:30");
    calendar.setOption("slotWidth", hourWidth / 2);
    calendar.setOption("slotLabelInterval", hourWidth >= 44 ? "01:00" : hourWidth >= 24 ? "02:00" : "04:00");
    const step = Math.max(board.login.organization.step_minutes, hourWidth >= 60 ? 5 : hourWidth >= 30 ? 15 : 30);
    calendar.setOption("snapDuration", { minutes: step });
  }
  place.style.setProperty("--minute-width", `${hourWidth / 60}px`);
}

/** Zoom in or out by a step. */
export function zoomBy(step) {
  const most = board.view === "month" ? DAY_WIDTHS.length - 1 : HOUR_WIDTHS.length - 1;
  board.zoom[board.view] = Math.min(most, Math.max(0, board.zoom[board.view] + step));
  fit();
}

/** Show one appointment as it is now; rows that it needs and that are not there ask for a new painting. */
export function refreshBar(id) {
  const appointment = board.appointments.get(id);
  const bar = appointment && isShown(appointment) ? barOf(appointment) : null;
  if (appointment && !bar) return paint();
  const shown = calendar.getEventById(id);
  if (bar && shown) calendar.updateEvent(bar);
  else if (bar) calendar.addEvent(bar);
  else if (shown) calendar.removeEventById(String(id));
  return null;
}

/** Draw a bar somewhere else for the moment, as the keyboard moves it. */
export function sketch(id, start, end, keys) {
  const bar = barOf(board.appointments.get(id));
  calendar.updateEvent({ ...bar, start: wallText(start), end: wallText(end), resourceIds: keys, classNames: [...bar.classNames, "is-moving"] });
}

/** What lies under a point of the screen: the day, the time of the wall and the subject. */
export function underPoint(x, y) {
  const found = calendar.dateFromPoint(x, y);
  const subject = found?.resource && subjectOf(found.resource.id);
  if (subject === undefined || subject === null) return null;
  return { wall: wallOfDate(found.date), subject, key: found.resource.id, cell: found.dayEl };
}

/** The rows from top to bottom, without groups. */
export const shownRows = () => rows.filter((row) => subjectOf(row.id) !== undefined);

/** Bring a bar into view and put the focus on it. */
export function focusBar(id) {
  const find = () => place.querySelector(`.bar[data-appointment="${Number(id)}"]`);
  if (!find() && board.appointments.has(id)) reveal(idsOf(board.appointments.get(id)));
  const bar = find();
  bar?.scrollIntoView({ block: "center", inline: "center" });
  bar?.focus();
  return bar;
}

/** Scroll to the row of a subject, so that it is drawn. */
function reveal(subjects) {
  const key = keysOf.get(subjects[0])?.[0] ?? "nobody";
  const offset = offsetOf(rows, key);
  if (offset === null) return;
  place.querySelector(".ec-main").scrollTop = Math.max(0, offset - 200);
  draw();
}

function content(info) {
  if (info.event.display === "preview") {
    const appointment = board.appointments.get(info.event.extendedProps.appointment);
    if (appointment) onTry(appointment, placeOf(info.event));
  }
  const { draft } = info.event.extendedProps;
  return draft ? { domNodes: [draftContent(draft)] } : barContent(info);
}

function placeOf(event) {
  return { start: wallOfDate(event.start), end: wallOfDate(event.end), subjects: event.resourceIds.map(subjectOf) };
}

function dropped(info, oldRow, newRow) {
  const appointment = board.appointments.get(info.event.extendedProps.appointment);
  const change = { start: wallOfDate(info.event.start), end: wallOfDate(info.event.end) };
  if (newRow && subjectOf(newRow.id) !== subjectOf(oldRow.id)) {
    change.from = subjectOf(oldRow.id);
    change.to = subjectOf(newRow.id);
  }
  onDrop(appointment, change);
}

const cell = ({ resource, date }) => (resource ? cellContent(resource.id, date, hours) : { domNodes: [] });

function label({ resource }) {
  const { group, size, detail, initials, subject, nobody } = resource.extendedProps;
  if (group) {
    const unfold = () => {
      if (!folded.delete(group)) folded.add(group);
      paint();
    };
    const open = !folded.has(group);
    const props = { type: "button", class: "row-group", "aria-expanded": String(open), on: { click: unfold } };
    return { domNodes: [h("button", props, icon(open ? "down" : "right"), resource.title, h("span", { class: "badge" }, size))] };
  }
  return {
    domNodes: [
      h(
        "button",
        { type: "button", class: "row-label", data: { row: resource.id } },
        h("span", { class: `avatar ${nobody ? "is-nobody" : ""}`, "aria-hidden": "true", vars: { "--hue": (Number(subject ?? 0) * 47) % 360 } }, initials),
        h("span", { class: "row-name" }, h("strong", null, resource.title), detail && h("small", null, detail)),
        h("span", { class: "row-load" }, loadText(nobody ? null : subject)),
      ),
    ],
  };
}

/** How long each row is booked in the days that are shown. */
function measureLoads() {
  loads.clear();
  for (const appointment of board.appointments.values()) {
    if (appointment.status === "cancelled" || appointment.status === "no_show") continue;
    const ids = idsOf(appointment);
    for (const id of ids.length ? ids : [null]) loads.set(id, (loads.get(id) ?? 0) + appointment.duration_minutes);
  }
}

function loadText(subject) {
  const minutes = loads.get(subject) ?? 0;
  if (minutes < 60) return minutes ? `${minutes} min` : "";
  return `${(minutes / 60).toFixed(minutes % 60 && minutes < 6000 ? 1 : 0)} h`;
}
