/** The HTTP API: one way to call it, one kind of error. */

const BASE = "/api/scheduling/";
const SAFE = new Set(["GET", "HEAD"]);
let csrf = null;
let onSignedOut = () => {};

/** What the API refused, with all that it says about it. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `The service answered ${status}.`);
    this.status = status;
    this.code = body.code ?? "";
    this.title = body.title ?? "";
    this.violations = body.violations ?? [];
    this.alternatives = body.alternatives ?? [];
    this.canOverride = body.can_be_overridden ?? false;
    this.body = body;
  }
}

/** Remember the token of a login; changes carry it. */
export function useToken(token) {
  csrf = token;
}

/** Say what is done when a login has ended. */
export function whenSignedOut(action) {
  onSignedOut = action;
}

/** A text that nobody else chooses. */
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function address(path, query) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "") search.append(name, each);
    }
  }
  const text = search.toString();
  return `${BASE}${path}${text ? `?${text}` : ""}`;
}

/**
 * Call the API.
 * @returns the body of the answer, null if there is none
 * @throws {Problem}
 */
export async function call(method, path, { body, query, version, signal } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (!SAFE.has(method) && csrf) headers["X-CSRF-Token"] = csrf;
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  if (method === "POST" && !path.startsWith("auth/")) headers["Idempotency-Key"] = freshKey();
  let answer;
  try {
    answer = await fetch(address(path, query), {
      method,
      headers,
      signal,
      credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { title: "No connection", detail: "The service does not answer. Check the network, and try again." });
  }
  if (answer.status === 204) return null;
  const found = await answer.json().catch(() => ({}));
  if (answer.ok) return found;
  const problem = new Problem(answer.status, found);
  if (answer.status === 401 && csrf) onSignedOut();
  throw problem;
}

export const get = (path, query, more) => call("GET", path, { query, ...more });
export const post = (path, body = {}, more) => call("POST", path, { body, ...more });
export const patch = (path, body, more) => call("PATCH", path, { body, ...more });

/** All rows of a list: the first page says how many there are, the others come side by side. */
export async function all(path, query = {}) {
  const size = 200;
  const first = await get(path, { ...query, page_size: size });
  const rows = [first.results];
  const last = Math.ceil(first.count / size);
  const next = { page: 2 };
  const work = async () => {
    while (next.page <= last) {
      const page = next.page++;
      rows[page - 1] = (await get(path, { ...query, page_size: size, page })).results;
    }
  };
  await Promise.all([work(), work(), work()]);
  return rows.flat();
}

/** The features of this service: which paths its description has. */
export async function described() {
  try {
    const answer = await fetch("/openapi.json", { credentials: "same-origin" });
    return new Set(Object.keys((await answer.json()).paths).map((path) => path.replace(BASE, "")));
  } catch {
    return new Set();
  }
}
