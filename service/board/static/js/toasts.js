/** Short messages that come and go by themselves. */

import { button, h, icon } from "./dom.js";

const PICTURES = { good: "check", bad: "warn", plain: "clock" };

/** Show a message; with an action it has a button. */
export function toast(text, { kind = "plain", action, label, seconds = kind === "bad" ? 9 : 4 } = {}) {
  const place = document.getElementById("toasts");
  const made = h("div", { class: `toast is-${kind}` }, icon(PICTURES[kind]), h("span", null, text));
  if (action) made.append(button(label, { kind: "link" }, () => (made.remove(), action())));
  made.append(button("Dismiss", { icon: "close", quiet: true }, () => made.remove()));
  place.append(made);
  while (place.children.length > 4) place.firstChild.remove();
  setTimeout(() => made.remove(), seconds * 1000);
}

/** Show what the service refused. */
export const complain = (problem) => problem.name !== "AbortError" && toast(problem.message, { kind: "bad" });
