"""The style and the script of the page: everything it needs, so that it opens without a network."""

STYLE = """
:root { color: #1b2733; background: #fff;
  font: 14px/1.45 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif; }
body { margin: 0 auto; padding: 28px 36px 60px; max-width: 1900px; }
h1 { font-size: 28px; margin: 0 0 2px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 36px 0 8px; }
p { margin: 4px 0; }
.muted { color: #5b6875; }
.bar-of-tools { position: sticky; top: 0; z-index: 3; background: #fffffff2; border-bottom: 1px solid #dfe4e8;
  display: flex; flex-wrap: wrap; gap: 10px 22px; align-items: center; padding: 12px 0; margin-top: 10px; }
input[type=search] { font: inherit; padding: 5px 10px; width: 260px; border: 1px solid #c3cbd2; border-radius: 4px; }
nav a { color: #24557c; margin-right: 12px; text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { overflow-x: auto; scroll-margin-top: 70px; padding-top: 18px; }
svg { display: block; }
.row[hidden] { display: none; }
.row:hover { background: #f6f8fa; }
g.bar, g.trip { cursor: default; }
g.bar.chosen rect { stroke: #1b2733; stroke-width: 2px; }
#tip { position: fixed; z-index: 9; pointer-events: none; max-width: 380px; padding: 9px 12px; border-radius: 5px;
  background: #1b2733; color: #fff; font-size: 12.5px; white-space: pre-line; overflow-wrap: anywhere;
  box-shadow: 0 3px 14px #0004; }
#tip::first-line { font-weight: bold; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 18px 4px 0; border-bottom: 1px solid #dfe4e8; vertical-align: top; }
td.figure, th.figure { text-align: right; }
tr.total td { font-weight: bold; border-bottom: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(380px, 1fr)); gap: 14px 26px;
  padding: 0; list-style: none; }
.cards li { border-left: 8px solid #92c5ea; padding-left: 12px; overflow-wrap: anywhere; }
.cards ul { margin: 3px 0 0; padding-left: 18px; }
.alert { color: #b3261e; }
@media print { .bar-of-tools { display: none; } section { break-inside: avoid; } }
"""

SCRIPT = """
const tip = document.getElementById('tip');
const things = document.querySelectorAll('g.bar, g.trip');
for (const thing of things) {
  const title = thing.querySelector('title');
  if (title) { thing.dataset.tip = title.textContent; title.remove(); }
}
const mark = (id, on) => {
  for (const bar of document.querySelectorAll('g.bar')) if (bar.dataset.id === id) bar.classList.toggle('chosen', on);
};
let pointed = null;
document.addEventListener('pointermove', event => {
  const thing = event.target.closest ? event.target.closest('g[data-tip]') : null;
  if (thing !== pointed) {
    if (pointed && pointed.classList.contains('bar')) mark(pointed.dataset.id, false);
    if (thing && thing.classList.contains('bar')) mark(thing.dataset.id, true);
    pointed = thing;
    tip.hidden = !thing;
    tip.textContent = thing ? thing.dataset.tip : '';
  }
  if (thing) {
    const right = event.clientX + 16 + tip.offsetWidth > innerWidth;
    const low = event.clientY + 16 + tip.offsetHeight > innerHeight;
    tip.style.left = (right ? event.clientX - 12 - tip.offsetWidth : event.clientX + 16) + 'px';
    tip.style.top = (low ? event.clientY - 12 - tip.offsetHeight : event.clientY + 16) + 'px';
  }
});
const filter = document.getElementById('filter');
filter.addEventListener('input', () => {
  const wanted = filter.value.trim().toLowerCase();
  for (const row of document.querySelectorAll('.row')) row.hidden = !row.dataset.row.toLowerCase().includes(wanted);
});
"""
