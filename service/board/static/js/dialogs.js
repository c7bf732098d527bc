/** Dialogs: one way to open them, so that Escape, focus and the title are always the same. */

import { button, h } from "./dom.js";

/**
 * Open a dialog.
 * @returns {HTMLDialogElement} call `close()` on it to end it
 */
export function open(title, content, { kind = "", actions = [], onClose } = {}) {
  const id = `dialog-${document.querySelectorAll("dialog").length}`;
  const back = document.activeElement;
  const dialog = h(
    "dialog",
    { class: `dialog ${kind}`.trim(), "aria-labelledby": id },
    h(
      "header",
      { class: "dialog-head" },
      h("h2", { id }, title),
      button("Close", { icon: "close", quiet: true }, () => dialog.close()),
    ),
    h("div", { class: "dialog-body" }, content),
    actions.length ? h("footer", { class: "dialog-actions" }, actions) : null,
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    back?.isConnected && back.focus();
    onClose?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Ask for a text, such as a reason; null if it is not given. */
export function ask(title, content, { label, confirm, danger = false, required = true, buttons = [] } = {}) {
  return new Promise((resolve) => {
    let given = null;
    const input = label ? h("textarea", { rows: 2, required, maxlength: 1000 }) : null;
    const form = h(
      "form",
      {
        method: "dialog",
        on: {
          submit: (event) => {
            event.preventDefault();
            given = input ? input.value.trim() : true;
            dialog.close();
          },
        },
      },
      content,
      input && h("label", { class: "field" }, h("span", { class: "field-label" }, label), input),
      h(
        "div",
        { class: "dialog-actions" },
        button("Cancel", {}, () => dialog.close()),
        buttons,
        h("button", { type: "submit", class: `button ${danger ? "danger" : "primary"}` }, confirm),
      ),
    );
    const dialog = open(title, form, { kind: "is-small", onClose: () => resolve(given) });
  });
}
