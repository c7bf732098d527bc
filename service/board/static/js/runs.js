/** Auto-scheduling: shown only where the service has runs. */

import { h } from "./dom.js";

/** The panel of runs. */
export function runPanel() {
  return h("div", { class: "panel" });
}
