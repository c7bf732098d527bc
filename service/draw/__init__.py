"""Pictures of plans: a timeline that can be hung on a wall, or read in a browser."""

from collections.abc import Mapping

from models.plan import Plan
from models.problem import Problem
from service.draw.build import Selection, build

__all__ = ["FORMATS", "Selection", "draw"]

FORMATS = ("svg", "png", "html")


def draw(
    problem: Problem, plan: Plan, selection: Selection, form: str, shares: Mapping[str, Mapping[str, int]]
) -> bytes:
    """Draw a plan.

    Parameters
    ----------
    problem, plan
        What was asked and what was planned.
    selection
        Rows and days.
    form
        One of `FORMATS`.
    shares
        What each appointment costs, by its id and then by term.

    Returns
    -------
    The content of the file.

    Raises
    ------
    InvalidPlan
        Where the plan names what the problem does not know.
    """
    from service.draw import page, png, svg
    from service.draw.poster import draw_poster

    timeline = build(problem, plan, selection, shares)
    if form == "html":
        return page.write_page(timeline, plan).encode()
    poster = draw_poster(timeline)
    if form == "png":
        return png.paint(poster)
    return svg.paint(poster, title=f"{timeline.title}: {timeline.subtitle}").encode()
