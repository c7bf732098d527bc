/** A row as a list: the same that its bars show, for reading. */

import { board } from "./board.js";
import { statusPill, whenText } from "./details.js";
import { open } from "./dialogs.js";
import { h } from "./dom.js";
import { idsOf, subjectOf } from "./rows.js";
import { focusBar } from "./timeline.js";
import { spanText, wallAt } from "./zone.js";

/** Show what a row holds in the days that are shown, and when it is closed. */
export function agenda(key) {
  const subject = subjectOf(key);
  const kinds = { user: board.users, team: board.teams, resource: board.resources };
  const title = subject === null ? "Nobody yet" : kinds[board.by].get(subject).name;
  const rows = [...board.appointments.values()]
    .filter((each) => (subject === null ? !idsOf(each).length : idsOf(each).includes(subject)))
    .sort((one, other) => Date.parse(one.start_datetime) - Date.parse(other.start_datetime));
  const closed = (board.closed.get(subject)?.closed ?? []).filter((each) => each.rule !== "working_hours");
  const dialog = open(
    title,
    h(
      "div",
      { class: "agenda" },
      rows.length ? h("ol", { class: "cards" }, rows.map((each) => h("li", null, entry(each, () => dialog.close())))) : h("p", { class: "muted" }, "Nothing is planned."),
      closed.length ? h("section", null, h("h3", null, "Closed"), h("ul", null, closed.map((each) => h("li", null, `${spanText(wallAt(each.start), wallAt(each.end))}: ${each.reason}`)))) : null,
    ),
    { kind: "is-drawer" },
  );
}

const entry = (appointment, done) =>
  h(
    "button",
    { type: "button", class: "card", on: { click: () => (done(), focusBar(appointment.id)) } },
    h("strong", null, appointment.title),
    h("span", null, whenText(appointment)),
    h("span", { class: "muted" }, appointment.client_name),
    statusPill(appointment),
  );
