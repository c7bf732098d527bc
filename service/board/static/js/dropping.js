/** Dragging a request from the list onto the timeline, with the same dry run as a move. */

import { board } from "./board.js";
import { h } from "./dom.js";
import { known } from "./data.js";
import { consider, save } from "./moving.js";
import { hourWidth, underPoint } from "./timeline.js";
import { apiTime, spanText } from "./zone.js";

const FAR = 6;
let ghost = null;

/** Let a card be dragged. */
export function grab(card, request) {
  card.classList.add("is-grabbable");
  card.addEventListener("pointerdown", (down) => {
    if (down.button !== 0 || down.target.closest("button, a, input") || down.pointerType === "touch") return;
    const dragged = { request, from: down, over: null, moving: false };
    const moved = (event) => drag(dragged, event);
    const ended = (event) => {
      document.removeEventListener("pointermove", moved);
      document.removeEventListener("pointerup", ended);
      document.removeEventListener("keydown", escaped, true);
      finish(dragged, event.type === "pointerup");
    };
    const escaped = (event) => event.key === "Escape" && (event.stopPropagation(), ended(event));
    document.addEventListener("pointermove", moved);
    document.addEventListener("pointerup", ended);
    document.addEventListener("keydown", escaped, true);
    down.preventDefault();
  });
}

function drag(dragged, event) {
  const { from, request } = dragged;
  if (!dragged.moving && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) < FAR) return;
  if (!dragged.moving) {
    dragged.moving = true;
    ghost = h("div", { class: "drop-ghost" }, request.title);
    document.body.append(ghost);
    document.body.classList.add("is-dragging");
  }
  const found = underPoint(event.clientX, event.clientY);
  const minutes = request.duration_minutes ?? 60;
  const start = found?.wall;
  const key = found && `${found.key} ${start}`;
  ghost.classList.toggle("is-over", Boolean(found));
  if (!found) {
    dragged.over = null;
    at(event.clientX + 10, event.clientY + 8, 170, 34);
    consider(null);
    return;
  }
  const row = found.cell.getBoundingClientRect();
  const width = Math.max(24, (minutes / 60) * hourWidth);
  at(event.clientX - 4, row.top + 2, board.view === "month" ? row.width : width, Math.min(row.height - 4, 44));
  if (dragged.over?.key === key) return;
  dragged.over = { key, place: { start, end: start + minutes * 60_000, from: null, to: found.subject } };
  consider(request, dragged.over.place);
}

function at(x, y, width, height) {
  for (const [name, value] of Object.entries({ x, y, width, height })) ghost.style.setProperty(`--${name}`, `${Math.round(value)}px`);
}

async function finish(dragged, dropped) {
  ghost?.remove();
  ghost = null;
  document.body.classList.remove("is-dragging");
  consider(null);
  if (!dropped || !dragged.over) return;
  await schedule(known(dragged.request.id) ?? dragged.request, dragged.over.place);
}

/** Give a request a time and whoever it was dropped on. */
export function schedule(request, { start, to }) {
  const minutes = request.duration_minutes ?? 60;
  const fields = { start_datetime: apiTime(start), duration_minutes: minutes, status: "scheduled" };
  if (board.by === "user") fields.assigned_users = crewWith(request, to);
  else if (board.by === "resource") fields.required_resources = [...new Set([...request.required_resources, to])];
  else fields.assigned_team = to;
  return save(request, fields, `put ${request.title} at ${spanText(start, start + minutes * 60_000)}`);
}

const crewWith = (request, user) => (request.assigned_users.includes(user) ? request.assigned_users : [...request.assigned_users, user]);
