"""The figures of some days as one HTML page that needs nothing else."""

from collections.abc import Iterable, Mapping
from html import escape

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, ConflictStatus
from service.analytics import plots
from service.analytics.daily import by_day, by_hour, starts_of
from service.analytics.figures import Figures, Takings, Usage, figures_of, hours
from service.analytics.periods import Period
from service.analytics.trends import trends
from service.schemas import organization

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
p.days, .was { color: #5c6773; margin: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin-top: 1.4rem; }
.card { border: 1px solid #dfe3e8; border-radius: .5rem; padding: .7rem .9rem; }
.card b { display: block; font-size: 1.3rem; white-space: nowrap; } .was { font-size: .85rem; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem; align-items: start; }
svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0; }
td + td, th + th { text-align: right; } tr { border-bottom: 1px solid #eceff2; } .wide { overflow-x: auto; }
"""


def page_of(session: Session, period: Period) -> str:
    """Write the page.

    Parameters
    ----------
    session
        Bound to an organization; it only reads.
    period
        Which days.

    Returns
    -------
    HTML with its style and pictures in it.
    """
    owner = organization(session)
    figures, before = figures_of(session, period), figures_of(session, period.before())
    starts = starts_of(session, period)
    kinds = {"People": figures.users, "Teams": figures.teams, "Resources": figures.resources}
    drawn = {title: plots.bars(usages) for title, usages in kinds.items()}
    parts = [
        f"<h1>{escape(owner.name)}</h1>",
        f'<p class="days">{period.first} to {period.last}, by the clock of {escape(owner.timezone)}</p>',
        _cards(figures, before),
        "<h2>Appointments</h2>",
        plots.days(by_day(starts, period)) if len(starts) else "<p>None.</p>",
        "<h2>When they start</h2>" + plots.hours(by_hour(starts)) if len(starts) else "",
        "<h2>How busy</h2>",
        '<div class="beside">',
        *(f"<div><b>{title}</b>{svg}</div>" for title, svg in drawn.items() if svg),
        "</div>",
        *(_usages(title, usages) for title, usages in kinds.items() if usages),
        _money("Revenue", figures.revenue),
        _money("Cancellation fees", figures.fees),
        _conflicts(figures),
    ]
    title = f"<title>{escape(owner.name)}</title>"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{title}<style>{_STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _cards(figures: Figures, before: Figures) -> str:
    compared = trends(figures, before)
    shown = (
        ("Appointments", "total_appointments", f"{figures.appointments:,}"),
        ("Utilization", "utilization_rate", f"{figures.utilization} %"),
        ("Scheduled hours", "total_scheduled_hours", f"{hours(figures.total.scheduled):,}"),
        ("Completed", "completion_rate", f"{figures.share(Status.COMPLETED)} %"),
        ("No-shows", "no_show_rate", f"{figures.share(Status.NO_SHOW)} %"),
        ("Revenue", "total_revenue", f"{figures.earned.amount:,.2f} {figures.currency}"),
        ("Conflicts", "total_conflicts", f"{sum(figures.conflicts.values()):,}"),
    )
    cards = (
        f'<div class="card">{title}<b>{escape(text)}</b>'
        f'<p class="was">before: {compared[key]["previous"]:,.10g}</p></div>'
        for title, key, text in shown
    )
    return f'<div class="cards">{"".join(cards)}</div>'


def _usages(title: str, usages: Mapping[int, Usage]) -> str:
    ranked = sorted(usages.values(), key=lambda each: (-(each.rate or 0), each.name))
    rows = (
        (
            each.name,
            each.appointments,
            hours(each.scheduled),
            hours(each.available),
            "–" if each.rate is None else f"{each.rate} %",
        )
        for each in ranked
    )
    return f"<h2>{title}</h2>" + _table(("", "appointments", "scheduled h", "available h", "utilization"), rows)


def _money(title: str, takings: Mapping[str, Takings]) -> str:
    if not takings:
        return ""
    rows = ((code, each.count, f"{each.amount:,.2f}", f"{each.average:,.2f}") for code, each in takings.items())
    return f"<h2>{title}</h2>" + _table(("", "appointments", "total", "average"), rows)


def _conflicts(figures: Figures) -> str:
    if not figures.conflicts:
        return ""
    rows: list[tuple[object, ...]] = [(status.value, figures.conflicts.get(status, 0)) for status in ConflictStatus]
    if figures.resolution_minutes is not None:
        rows.append(("minutes to resolve one, on average", figures.resolution_minutes))
    return "<h2>Conflicts</h2>" + _table(("", "number"), rows)


def _table(head: Iterable[str], rows: Iterable[tuple[object, ...]]) -> str:
    header = "".join(f"<th>{escape(each)}</th>" for each in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table></div>'
