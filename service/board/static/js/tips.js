/** One bubble of explanation for whatever the pointer or the focus is on. */

import { fill, h } from "./dom.js";

let bubble = null;
let timer = 0;
const writers = new Map();

/** Let elements with `data-tip-for` of a name be explained by a function of the element. */
export const explain = (name, write) => writers.set(name, write);

/** Watch the page. */
export function watch() {
  bubble = h("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  document.body.append(bubble);
  document.addEventListener("pointerover", (event) => !event.buttons && later(event.target, event.clientX, event.clientY));
  document.addEventListener("pointermove", (event) => !bubble.hidden && follow(event));
  document.addEventListener("pointerdown", hide, true);
  document.addEventListener("scroll", hide, true);
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches(":focus-visible")) return;
    const box = target.getBoundingClientRect();
    later(target, box.left + 8, box.bottom);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}

function later(target, x, y) {
  clearTimeout(timer);
  const told = target.closest?.("[data-tip], [data-tip-for]");
  if (!told) return hide();
  timer = setTimeout(() => show(told, x, y), told.dataset.tipFor ? 350 : 200);
  return null;
}

function show(told, x, y) {
  if (told.getAttribute("aria-selected") === "true") return;
  const content = told.dataset.tipFor ? writers.get(told.dataset.tipFor)?.(told) : told.dataset.tip;
  if (!content || !told.isConnected) return;
  fill(bubble, content);
  bubble.hidden = false;
  move(x, y);
}

function follow(event) {
  if (!event.target.closest?.("[data-tip], [data-tip-for]")) return hide();
  return move(event.clientX, event.clientY);
}

function move(x, y) {
  const { offsetWidth: width, offsetHeight: height } = bubble;
  const left = Math.min(x + 14, innerWidth - width - 8);
  const top = y + 18 + height > innerHeight ? y - height - 10 : y + 18;
  bubble.style.setProperty("--x", `${Math.max(8, left)}px`);
  bubble.style.setProperty("--y", `${Math.max(8, top)}px`);
}

function hide() {
  clearTimeout(timer);
  if (bubble) bubble.hidden = true;
}
