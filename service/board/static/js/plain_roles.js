/** The timeline's grid claims to be a table, which it is not: readers are told of its bars and rows, not of cells. */

const COUNTS = ["aria-colindex", "aria-rowindex", "aria-colspan", "aria-colcount", "aria-rowcount"];
const CLAIMED = ["table", "grid", "treegrid", "row", "rowgroup", "rowheader", "columnheader", "gridcell", "cell"].map((role) => `[role="${role}"]`).join();
const MARKED = [CLAIMED, ...COUNTS.map((name) => `[${name}]`)].join();

function strip(node) {
  if (!(node instanceof Element)) return;
  for (const each of [node, ...node.querySelectorAll(MARKED)]) {
    if (each.matches(CLAIMED)) each.removeAttribute("role");
    for (const name of COUNTS) each.removeAttribute(name);
  }
}

/** Keep an element free of roles of tables, whatever is drawn into it. */
export function keepPlain(element) {
  const observer = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(strip);
  });
  observer.observe(element, { childList: true, subtree: true });
  strip(element);
}
