/** The lists beside the timeline, one at a time. */

import { board, has, keep, may, on } from "./board.js";
import { conflictList } from "./conflicts.js";
import { dashboard } from "./dashboard.js";
import { fill, h, icon } from "./dom.js";
import { liveMark } from "./live.js";
import { requestList } from "./requests.js";
import { runPanel } from "./runs.js";

const PANELS = {
  requests: { text: "Unscheduled", picture: "inbox", make: requestList, size: () => board.requests.length },
  conflicts: { text: "Conflicts", picture: "warn", make: conflictList, size: () => board.conflicts.length, needs: () => may("conflicts", "read") },
  runs: { text: "Auto-schedule", picture: "run", make: runPanel, needs: () => has("runs/") },
  dashboard: { text: "Dashboard", picture: "chart", make: dashboard, needs: () => has("dashboard/") },
};

/** Make the side panel. */
export function side() {
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Lists" });
  const body = h("div", { class: "side-body", role: "tabpanel", id: "side-body", tabindex: -1 });
  const place = h("aside", { class: "side", "aria-label": "Lists" }, tabs, body, h("footer", { class: "side-foot" }, liveMark(h), h("span", { class: "muted" }, "? for keys")));

  const shown = () => Object.entries(PANELS).filter(([, panel]) => panel.needs?.() ?? true);

  function choose(name) {
    board.panel = name;
    keep();
    writeTabs();
    fill(body, PANELS[name].make());
    body.setAttribute("aria-labelledby", `tab-${name}`);
  }

  function writeTabs() {
    const names = shown().map(([name]) => name);
    if (!names.includes(board.panel)) board.panel = names[0];
    const focused = document.activeElement?.id;
    fill(
      tabs,
      shown().map(([name, { text, picture, size }]) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            id: `tab-${name}`,
            class: "tab",
            "aria-selected": String(name === board.panel),
            "aria-controls": "side-body",
            "aria-label": size?.() ? `${text}, ${size()}` : text,
            tabindex: name === board.panel ? 0 : -1,
            data: { tip: text },
            on: { click: () => choose(name), keydown: (event) => turn(event, names, name) },
          },
          icon(picture),
          h("span", null, text),
          size?.() ? h("span", { class: `badge ${name === "conflicts" ? "is-bad" : ""}` }, size()) : null,
        ),
      ),
    );
    if (focused?.startsWith("tab-")) document.getElementById(focused)?.focus();
  }

  function turn(event, names, name) {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move) return;
    const next = names[(names.indexOf(name) + move + names.length) % names.length];
    choose(next);
    document.getElementById(`tab-${next}`).focus();
  }

  const again = () => {
    const top = body.scrollTop;
    choose(shown().some(([name]) => name === board.panel) ? board.panel : "requests");
    body.scrollTop = top;
  };
  for (const name of ["loaded", "changed", "conflicts", "features"]) {
    on(name, () => (name === "features" || ["requests", "conflicts"].includes(board.panel) ? again() : writeTabs()));
  }
  writeTabs();
  return place;
}
