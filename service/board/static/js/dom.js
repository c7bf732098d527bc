/** Making elements. Texts are only ever text nodes: nothing that comes from data is read as markup. */

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["checked", "disabled", "hidden", "open", "selected", "value"]);

/**
 * Make an element.
 * @param {string} tag
 * @param {object} [props] attributes; `on` listeners, `data` data attributes, `vars` CSS properties
 * @param {...(Node|string|Array)} children
 */
export function h(tag, props, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null) continue;
    if (name === "on") for (const [type, listener] of Object.entries(value)) made.addEventListener(type, listener);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name === "vars") for (const [key, text] of Object.entries(value)) made.style.setProperty(key, text);
    else if (PROPERTIES.has(name)) made[name] = value;
    else if (value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  fill(made, ...children);
  return made;
}

/** Put children where others were. */
export function fill(element, ...children) {
  const nodes = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  element.replaceChildren(...nodes.map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

/** A small picture from the page's own set; with a label it is read aloud, without it is decoration. */
export function icon(name, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon icon-${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A button with a text, an icon, or both. */
export function button(label, { icon: picture, quiet, kind = "", title, ...props } = {}, onClick) {
  const shown = quiet ? [icon(picture)] : [picture && icon(picture), h("span", null, label)];
  return h(
    "button",
    {
      type: "button",
      class: `button ${quiet ? "quiet" : ""} ${kind}`.trim().replace(/\s+/g, " "),
      "aria-label": quiet ? label : null,
      "data-tip": title ?? (quiet ? label : null),
      on: onClick ? { click: onClick } : null,
      ...props,
    },
    ...shown,
  );
}

/** A labelled field of a form. */
export function field(label, input, hint) {
  return h("label", { class: "field" }, h("span", { class: "field-label" }, label), input, hint && h("small", null, hint));
}

/** A drop-down list of [value, text] pairs. */
export function choice(options, selected, props, onChange) {
  return h(
    "select",
    { ...props, on: onChange ? { change: (event) => onChange(event.target.value) } : null },
    options.map(([value, text]) => h("option", { value, selected: String(value) === String(selected) }, text)),
  );
}

/** Say something to screen readers alone. */
export function announce(text) {
  const place = document.getElementById("announcer");
  place.textContent = "";
  requestAnimationFrame(() => (place.textContent = text));
}
