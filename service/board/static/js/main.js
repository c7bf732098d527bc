/** The way of the page: log in, read, paint, and follow what changes. */

import { whenSignedOut, described } from "./api.js";
import { board, keep, on, restore, tell } from "./board.js";
import { barContentTip } from "./details.js";
import { button, fill, h } from "./dom.js";
import { readAppointments, readClosed, readConflicts, readRequests, readSubjects } from "./data.js";
import { noteConflicts } from "./bars.js";
import { follow } from "./live.js";
import { logIn, present } from "./login.js";
import { listen } from "./keyboard.js";
import { consider, move, verdictPanel } from "./moving.js";
import { side } from "./side.js";
import { phone } from "./phone.js";
import { setTheme, today, toolbar } from "./toolbar.js";
import { mount, paint, refreshBar, zoomBy } from "./timeline.js";
import { explain, watch } from "./tips.js";
import { complain } from "./toasts.js";
import { useZone } from "./zone.js";

const app = document.getElementById("app");
const isPhone = matchMedia("(max-width: 700px)");
let turn = 0;

/** Read what the present days show, and paint it; of two that overtake each other the later one counts. */
async function reload({ subjects = false } = {}) {
  const mine = ++turn;
  app.dataset.busy = "true";
  try {
    await Promise.all([subjects && readSubjects(), readAppointments(), readClosed(), readRequests(), readConflicts()]);
    if (mine !== turn) return;
    noteConflicts();
    if (!isPhone.matches) paint();
    tell("loaded");
  } catch (problem) {
    complain(problem);
  } finally {
    if (mine === turn) delete app.dataset.busy;
  }
}

function desk() {
  const place = h("div", { class: "timeline", id: "timeline", tabindex: -1 });
  const toggleSide = button("Lists", { icon: "inbox", "aria-expanded": "true", id: "toggle-side" }, () => {
    const closed = app.classList.toggle("side-closed");
    toggleSide.setAttribute("aria-expanded", String(!closed));
  });
  const [top, bar] = toolbar(toggleSide);
  fill(
    app,
    h("a", { class: "skip", href: "#timeline" }, "To the timeline"),
    top,
    bar,
    h("main", { class: "stage", "aria-label": "Timeline" }, place, verdictPanel(), h("p", { class: "empty" }, "Nobody to show here. Change the filters above.")),
    side(),
  );
  mount(place, {
    onDrop: (appointment, where) => move(appointment, where),
    onTry: consider,
  });
  listen(place);
  place.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomBy(event.deltaY < 0 ? 1 : -1);
      keep();
    },
    { passive: false },
  );
}

async function start() {
  setTheme();
  watch();
  explain("bar", barContentTip);
  let login = await present();
  if (!login) login = await logIn(app);
  useZone(login.organization.timezone);
  whenSignedOut(() => location.reload());
  restore(today());
  app.dataset.role = login.role;
  await readSubjects();
  if (isPhone.matches) phone(app);
  else desk();
  isPhone.addEventListener("change", () => location.reload());
  on("moved", () => reload());
  on("filtered", () => !isPhone.matches && paint());
  on("stale", (what) => reload(what));
  on("appointment", (id) => {
    noteConflicts();
    if (!isPhone.matches) refreshBar(id);
    tell("changed");
  });
  const features = described();
  await reload();
  keep();
  follow();
  board.features = await features;
  app.dataset.ready = "true";
  tell("features");
}

start().catch(complain);
