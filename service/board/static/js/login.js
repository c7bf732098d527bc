/** Logging in and out. */

import { call, get, useToken } from "./api.js";
import { board } from "./board.js";
import { button, field, fill, h } from "./dom.js";

function accept(login) {
  board.login = login;
  useToken(login.csrf_token);
  return login;
}

/** Who is logged in already; null if nobody is. */
export async function present() {
  try {
    return accept(await get("auth/session/"));
  } catch (problem) {
    if (problem.status === 401) return null;
    throw problem;
  }
}

/** End the login. */
export async function leave() {
  await call("DELETE", "auth/session/");
  useToken(null);
  location.reload();
}

/** Ask who it is, until somebody is. */
export function logIn(place, note = "") {
  return new Promise((resolve) => {
    const email = h("input", { type: "email", name: "email", autocomplete: "username", required: true });
    const password = h("input", { type: "password", name: "password", autocomplete: "current-password", required: true });
    const organization = h("input", { type: "number", name: "organization", min: 1 });
    const which = field("Organization", organization, "You are in several: say which by its number.");
    const fault = h("p", { class: "fault", role: "alert" }, note);
    const submit = h("button", { type: "submit", class: "button primary wide" }, "Log in");
    which.hidden = true;

    async function send(event) {
      event.preventDefault();
      submit.disabled = true;
      const body = { email: email.value, password: password.value };
      if (organization.value) body.organization = Number(organization.value);
      try {
        const login = accept(await call("POST", "auth/session/", { body }));
        resolve(login);
      } catch (problem) {
        fault.textContent = problem.message;
        if (problem.body.errors?.some((each) => each.field === "organization")) which.hidden = false;
        password.select();
      } finally {
        submit.disabled = false;
      }
    }

    fill(
      place,
      h(
        "main",
        { class: "login" },
        h(
          "form",
          { class: "login-card", on: { submit: send } },
          h("img", { src: "/board/static/icon.svg", alt: "", width: 44, height: 44 }),
          h("h1", null, "Tidyplan"),
          h("p", { class: "muted" }, "The planner's board"),
          field("Email", email),
          field("Password", password),
          which,
          fault,
          submit,
        ),
      ),
    );
    email.focus();
  });
}

/** The menu of whoever is logged in. */
export function account() {
  const { name, role, organization } = board.login;
  return h(
    "details",
    { class: "menu" },
    h("summary", { class: "button", "aria-label": `${name}, ${role}` }, h("span", { class: "avatar is-me", "aria-hidden": "true" }, name.slice(0, 1).toUpperCase())),
    h(
      "div",
      { class: "menu-body" },
      h("strong", null, name),
      h("small", { class: "muted" }, `${role} at ${organization.name}`),
      button("Log out", { kind: "wide" }, leave),
    ),
  );
}
