/** What statuses and priorities are called, and the mark of each: never colour alone. */

export const STATUS = {
  requested: { text: "Requested", mark: "hold" },
  scheduled: { text: "Scheduled", mark: "dot" },
  confirmed: { text: "Confirmed", mark: "check" },
  rescheduled: { text: "Rescheduled", mark: "moved" },
  in_progress: { text: "In progress", mark: "play" },
  completed: { text: "Completed", mark: "checks" },
  no_show: { text: "No show", mark: "absent" },
  cancelled: { text: "Cancelled", mark: "close" },
};

export const PRIORITY = {
  low: { text: "Low priority", mark: "low" },
  normal: { text: "Normal priority", mark: null },
  high: { text: "High priority", mark: "high" },
  urgent: { text: "Urgent", mark: "urgent" },
};

export const IMPACT = ["low", "medium", "high", "critical"];
export const ROWS = { user: "People", team: "Teams", resource: "Resources" };
export const MOVABLE = new Set(["scheduled", "confirmed", "rescheduled"]);
export const TIMED = ["scheduled", "confirmed", "rescheduled", "in_progress", "completed", "no_show", "requested"];

/** "1 rule", "2 rules". */
export const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

/** Words of a rule's or a kind's name. */
export const plain = (name) => {
  const text = String(name ?? "").replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Two letters for a name. */
export function initials(name) {
  const parts = name.trim().split(/\s+/);
  return ((parts[0]?.[0] ?? "") + (parts.length > 1 ? parts.at(-1)[0] : "")).toUpperCase();
}
