"""Writes the timeline as one HTML page that needs nothing else: days to scroll, rows to filter, bars to point at."""

from collections.abc import Iterable
from html import escape

from models.plan import Plan
from service.draw import svg
from service.draw.assets import SCRIPT, STYLE
from service.draw.canvas import Canvas
from service.draw.palette import SHADES
from service.draw.panel import Scale, draw_axis, draw_row, present
from service.draw.poster import draw_legend, pixels_per_hour
from service.draw.timeline import Day, Timeline
from service.report import LeftOut, left_out_counts, score
from service.wording import day_name, number

_FILTER = '<input type="search" id="filter" placeholder="Show only rows named…" aria-label="Filter the rows by name">'


def write_page(timeline: Timeline, plan: Plan) -> str:
    """Write the page.

    Parameters
    ----------
    timeline
        What to show.
    plan
        For the score.

    Returns
    -------
    An HTML document with everything in it.
    """
    hour = pixels_per_hour(timeline)
    links = " ".join(f'<a href="#{day.date}">{_text(day_name(day.date))}</a>' for day in timeline.days)
    ends = '<a href="#left-out">Left out</a> <a href="#score">Score</a>'
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(timeline.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
        f'<h1>{_text(timeline.title)}</h1>\n<p class="muted">{_text(timeline.subtitle)}</p>',
        _picture(draw_legend(900)),
        f'<div class="bar-of-tools">{_FILTER}<nav>{links} {ends}</nav></div>',
        *(_day(day, timeline, Scale(day, hour)) for day in timeline.days),
        '<p class="muted">Nothing is scheduled on the days shown.</p>' if not timeline.days else "",
        _left_out(timeline.left_out),
        _violations(timeline.violations),
        _score(plan),
        *(f'<p class="muted">{_text(note)}</p>' for note in timeline.notes),
        f'<div id="tip" role="tooltip" hidden></div>\n<script>{SCRIPT}</script>\n</body>\n</html>\n',
    ]
    return "\n".join(part for part in parts if part)


def _day(day: Day, timeline: Timeline, scale: Scale) -> str:
    name = f"{day.date:%A} {day.date.day} {day.date:%B}"
    rows = "".join(
        f'<div class="row" data-row="{_text(row.name)}">{_picture(draw_row(row, cell, scale))}</div>\n'
        for row, cell in present(day, timeline.rows)
    )
    axis = _picture(draw_axis(scale))
    return (
        f'<section id="{day.date}">\n<h2>{_text(name)} '
        f'<small class="muted">{_text(day.summary)}</small></h2>\n{axis}{rows}</section>'
    )


def _left_out(entries: list[LeftOut]) -> str:
    if not entries:
        return '<h2 id="left-out">Left out: none</h2>'
    cards = "\n".join(_card(entry) for entry in entries)
    return f'<h2 id="left-out">Left out: {_text(left_out_counts(entries))}</h2>\n<ul class="cards">\n{cards}\n</ul>'


def _card(entry: LeftOut) -> str:
    reasons = "".join(f"<li>{_text(reason)}</li>" for reason in entry.reasons)
    helps = f"<p>What would help:</p><ul>{''.join(f'<li>{_text(r)}</li>' for r in entry.remedies)}</ul>"
    must = ", mandatory" if entry.mandatory else ""
    return (
        f'<li style="border-color:{SHADES[entry.priority].fill}"><b>{_text(entry.headline)}</b> '
        f'<span class="muted">{_text(entry.appointment)}, {entry.priority}{must}</span>'
        f'<br><span class="muted">{_text(entry.detail)}</span><ul>{reasons}</ul>{helps if entry.remedies else ""}</li>'
    )


def _violations(messages: list[str]) -> str:
    if not messages:
        return ""
    items = "".join(f"<li>{_text(message)}</li>" for message in messages)
    return f'<h2 class="alert">Violations: {number(len(messages))}</h2>\n<ul>{items}</ul>'


def _score(plan: Plan) -> str:
    rows = [_cells((row.name, row.weight, row.amount, row.cost)) for row in score(plan.terms)]
    total = "" if plan.cost is None else f'<tr class="total">{_cells(("total", "", "", number(plan.cost)))}</tr>'
    lines = "".join(f"<tr>{row}</tr>" for row in rows)
    head = (
        '<tr><th>Term</th><th class="figure">Weight</th><th class="figure">Amount</th><th class="figure">Cost</th></tr>'
    )
    return f'<h2 id="score">Score</h2>\n<table>{head}{lines}{total}</table>'


def _cells(values: Iterable[str]) -> str:
    first, *figures = values
    return f"<td>{_text(first)}</td>" + "".join(f'<td class="figure">{_text(figure)}</td>' for figure in figures)


def _picture(canvas: Canvas) -> str:
    return svg.paint(canvas, standalone=False)


def _text(content: str) -> str:
    return escape(content)
