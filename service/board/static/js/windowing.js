/** Which of many rows are drawn: those in view and some around them. The others are only room above and below. */

const FEW = 50;
const AROUND = 18;
const LEAST = 4;
const ROW = 43;
const GROUP = 31;
const heights = new Map();

const heightOf = (row) => heights.get(row.id) ?? (row.extendedProps.group ? GROUP : ROW);

/** Note how high rows have become. */
export function measure(rows, elements) {
  rows.forEach((row, index) => {
    const height = elements[index]?.offsetHeight;
    if (height) heights.set(row.id, height);
  });
}

/** Forget the heights, as the days or the zoom change. */
export const forget = () => heights.clear();

/**
 * Find what to draw.
 * @param {Array} rows all of them
 * @param {number} top how far it is scrolled
 * @param {number} height how much is in view
 * @param {object} drawn what is drawn so far; it stays while there is enough around the view
 * @returns {{from: number, to: number, above: number, below: number}}
 */
export function windowOf(rows, top, height, drawn) {
  if (rows.length <= FEW) return { from: 0, to: rows.length, above: 0, below: 0 };
  let [first, offset] = [0, 0];
  while (first < rows.length - 1 && offset + heightOf(rows[first]) <= top) offset += heightOf(rows[first++]);
  let [last, seen] = [first, 0];
  while (last < rows.length && seen < height) seen += heightOf(rows[last++]);
  const still = drawn.from <= Math.max(0, first - LEAST) && drawn.to >= Math.min(rows.length, last + LEAST);
  if (still) return drawn;
  const from = Math.max(0, first - AROUND);
  const to = Math.min(rows.length, last + AROUND);
  const room = (some) => some.reduce((sum, row) => sum + heightOf(row), 0);
  return { from, to, above: room(rows.slice(0, from)), below: room(rows.slice(to)) };
}

/** How far down a row begins. */
export const offsetOf = (rows, key) => {
  let offset = 0;
  for (const row of rows) {
    if (row.id === key) return offset;
    offset += heightOf(row);
  }
  return null;
};
