/** The bar above the timeline: when, who, how near, and what may be taken back. */

import { account } from "./login.js";
import { board, keep, on, tell } from "./board.js";
import { button, choice, fill, h, icon } from "./dom.js";
import { shownDays } from "./data.js";
import { PRIORITY, ROWS, STATUS } from "./words.js";
import * as history from "./history.js";
import { zoomBy } from "./timeline.js";
import { clockText, dateText, dayText, offsetText, wallOf } from "./zone.js";

const DAY = 86_400_000;
const VIEWS = { day: "Day", week: "Week", month: "Month" };

/** Today on the wall of the organization. */
export const today = () => dayText(wallOf(Date.now()));

/** Go to another day. */
export function goTo(date) {
  board.date = date;
  keep();
  tell("moved");
}

/** Go forward or back by what is shown. */
export function step(direction) {
  const [first, last] = shownDays();
  goTo(dayText(direction > 0 ? last : board.view === "month" ? first - DAY : first - (last - first)));
}

/** Look at a day, a week or a month, or at other rows. */
export function look(changes) {
  Object.assign(board, changes);
  keep();
  tell("moved");
}

function titleText() {
  const [first, last] = shownDays();
  if (board.view === "day") return dateText(first, "full");
  if (board.view === "month") return dateText(first, "month");
  return `${dateText(first, "day")} – ${dateText(last - DAY, "day")} ${new Date(last - DAY).getUTCFullYear()}`;
}

function segments(label, options, chosen, onChange) {
  return h(
    "div",
    { class: "segments", role: "group", "aria-label": label },
    Object.entries(options).map(([value, text]) =>
      h("button", { type: "button", "aria-pressed": String(value === chosen), on: { click: () => onChange(value) } }, text),
    ),
  );
}

function clock() {
  const made = h("span", { class: "zone", data: { tip: "All times are those of the organization" } });
  const write = () => {
    fill(made, icon("clock"), h("strong", null, clockText(wallOf(Date.now()))), h("span", null, ` ${board.login.organization.timezone} (UTC${offsetText()})`));
  };
  write();
  setInterval(write, 10_000);
  return made;
}

function themeButton() {
  return button("Light or dark", { icon: "theme", quiet: true }, () => {
    const dark = document.documentElement.dataset.theme === "dark";
    setTheme(dark ? "light" : "dark");
  });
}

/** Choose light or dark; without a choice it is the system's. */
export function setTheme(wanted) {
  const kept = wanted ?? localStorage.getItem("tidyplan.theme");
  const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.classList.toggle("ec-dark", dark);
  if (wanted) localStorage.setItem("tidyplan.theme", wanted);
}

function statusMenu() {
  const options = Object.entries(STATUS).map(([value, { text, mark }]) =>
    h(
      "label",
      { class: "option" },
      h("input", { type: "checkbox", value, checked: board.filters.status.includes(value), on: { change: chosen } }),
      h("span", { class: `swatch is-${value}` }, icon(mark)),
      text,
    ),
  );
  const legend = Object.entries(PRIORITY)
    .filter(([, { mark }]) => mark)
    .map(([, { text, mark }]) => h("span", { class: "option" }, icon(mark), text));
  const menu = h(
    "details",
    { class: "menu" },
    h("summary", { class: "button" }, h("span", null, "Status"), h("span", { class: "badge", hidden: true })),
    h("div", { class: "menu-body" }, options, h("hr"), legend, h("span", { class: "option" }, icon("pin"), "Pinned")),
  );
  function chosen() {
    board.filters.status = options.map((each) => each.firstChild).filter((box) => box.checked).map((box) => box.value);
    const badge = menu.querySelector(".badge");
    badge.textContent = board.filters.status.length;
    badge.hidden = !board.filters.status.length;
    tell(board.filters.status.includes("cancelled") ? "moved" : "filtered");
  }
  return menu;
}

function search() {
  let timer = 0;
  const input = h("input", {
    type: "search",
    placeholder: "Find a person, client or title",
    "aria-label": "Find",
    id: "find",
    on: {
      input: () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          board.filters.text = input.value.trim();
          tell("filtered");
        }, 200);
      },
    },
  });
  return h("div", { class: "search" }, icon("search"), input);
}

/** Make both bars. */
export function toolbar(extra) {
  const top = h("header", { class: "topbar" });
  const bar = h("div", { class: "toolbar", role: "toolbar", "aria-label": "Timeline" });
  const title = h("h1", { class: "when", "aria-live": "polite" });
  const picker = h("input", { type: "date", class: "date-picker", "aria-label": "Go to date", on: { change: (event) => event.target.value && goTo(event.target.value) } });
  const undo = button("Undo", { icon: "undo", quiet: true, disabled: true }, history.undo);
  const redo = button("Redo", { icon: "redo", quiet: true, disabled: true }, history.redo);
  fill(
    top,
    h("span", { class: "brand" }, h("img", { src: "/board/static/icon.svg", alt: "", width: 26, height: 26 }), h("strong", null, "Tidyplan"), h("span", { class: "muted" }, board.login.organization.name)),
    clock(),
    h("span", { class: "space" }),
    h("div", { class: "group" }, undo, redo),
    search(),
    extra,
    themeButton(),
    account(),
  );
  function write() {
    title.textContent = titleText();
    picker.value = board.date;
    fill(
      bar,
      h(
        "div",
        { class: "group" },
        button("Back", { icon: "left", quiet: true }, () => step(-1)),
        button("Today", { kind: board.date === today() ? "is-current" : "" }, () => goTo(today())),
        button("Forward", { icon: "right", quiet: true }, () => step(1)),
      ),
      title,
      picker,
      h("span", { class: "space" }),
      segments("Rows", ROWS, board.by, (by) => look({ by })),
      board.by !== "team" && toggle("Groups", "grouped", "filtered"),
      board.by !== "resource" && teamFilter(),
      statusMenuOnce,
      segments("View", VIEWS, board.view, (view) => look({ view })),
      board.view !== "month" && toggle("24 h", "allHours", "filtered"),
      h(
        "div",
        { class: "group" },
        button("Zoom out", { icon: "minus", quiet: true }, () => (zoomBy(-1), keep())),
        button("Zoom in", { icon: "plus", quiet: true }, () => (zoomBy(1), keep())),
      ),
    );
  }
  const statusMenuOnce = statusMenu();
  on("history", () => {
    undo.disabled = !history.past.length;
    redo.disabled = !history.future.length;
    undo.dataset.tip = history.past.length ? `Undo: ${history.past.at(-1).label}` : "Nothing to undo";
    redo.dataset.tip = history.future.length ? `Redo: ${history.future.at(-1).label}` : "Nothing to redo";
  });
  on("moved", write);
  write();
  return [top, bar];
}

function toggle(text, name, event) {
  return h(
    "button",
    {
      type: "button",
      class: "button toggle",
      "aria-pressed": String(board[name]),
      on: {
        click: ({ currentTarget }) => {
          board[name] = !board[name];
          currentTarget.setAttribute("aria-pressed", String(board[name]));
          keep();
          tell(event);
        },
      },
    },
    text,
  );
}

function teamFilter() {
  const teams = [...board.teams.values()].filter((team) => team.is_active).map((team) => [team.id, team.name]);
  const props = { "aria-label": "Team", class: "select" };
  return choice([["", "All teams"], ...teams], board.filters.team, props, (team) => {
    board.filters.team = team;
    tell("filtered");
  });
}

