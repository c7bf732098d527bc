"""Why an appointment stands where it does: what it costs there, and what every other place would cost or break."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from models.explanation import AssignmentExplanation, Obstacle, RunnerUp
from models.plan import Assignment, Violation
from solver.assemble import assemble
from solver.check import Report, check
from solver.explain.causes import Cause
from solver.explain.closings import Closings
from solver.explain.finding import causes_of
from solver.explain.inquiry import Inquiry, Scene, inquire
from solver.explain.needs import link_sentence
from solver.explain.place import Place
from solver.explain.price import Prices
from solver.explain.remedies.bench import plan_of
from solver.explain.runners_up import Option, options_of
from solver.explain.standing import BY_LEAVING_OUT, Standing
from solver.explain.unassigned import by_term
from solver.explain.wording import Words, listed
from solver.instance import Placement, Solution

MOST_OPTIONS = 3000  # places that are looked at
MOST_CHECKED = 12  # places of either sort that are checked
MOST_SHOWN = 5
MOST_ALIKE = 2  # of one start, and of the same people
FEW = 3  # runners-up that there should be


@dataclass(frozen=True)
class _Seat:
    """A placed task, taken out of its plan."""

    standing: Standing
    words: Words
    inquiry: Inquiry
    prices: Prices
    placement: Placement

    @property
    def index(self) -> int:
        return self.inquiry.index


def explain_placed(standing: Standing, key: str) -> AssignmentExplanation:
    """Explain where an appointment stands.

    Parameters
    ----------
    standing
        The plan.
    key
        Id of an appointment that has a place.

    Returns
    -------
    What it costs there, and the places that it could have instead.

    Raises
    ------
    InvalidPlan
        Where there is no such appointment.
    ValueError
        Where it is left out.
    """
    index = standing.index_of(key)
    placement = standing.solution[index]
    if placement is None:
        raise ValueError(f"{key} is left out; explain_unassigned says why")
    words = Words(standing.problem, standing.instance)
    rest: Solution = [None if number == index else at for number, at in enumerate(standing.solution)]
    scene = Scene.of(standing.instance, rest)
    inquiry = inquire(scene, standing.problem.appointments[index], index)
    seat = _Seat(standing, words, inquiry, Prices(standing.instance, rest), placement)
    pinned = inquiry.task.pinned is not None
    options = [] if pinned else list(islice(options_of(inquiry, placement), MOST_OPTIONS))
    alternatives = _alternatives(seat, [option.place for option in options if option.place.burden == 0])
    barred = [option for option in options if option.place.burden > 0]
    closed = _closed(seat, barred, max(0, FEW - len(alternatives)))
    return AssignmentExplanation(
        appointment=key,
        assignment=_assignment(seat, placement),
        message=_message(seat, alternatives, pinned=pinned),
        pinned=pinned,
        terms=_shares(seat),
        alternatives=tuple(alternatives),
        closed=tuple(closed),
    )


def _alternatives(seat: _Seat, places: Iterable[Place]) -> list[RunnerUp]:
    """The cheapest open places, by the check; not too many of one start."""
    priced = {place.placement(): seat.prices.of(seat.index, place.placement()) for place in places}
    best = seat.prices.best(seat.index)
    if best is not None and best[1] != seat.placement:
        priced[best[1]] = best[0]
    ranked = sorted(priced, key=lambda at: (priced[at], abs(at.start - seat.placement.start)))
    chosen = _spread(ranked)[:MOST_CHECKED]
    checked = [_runner_up(seat, placement, None) for placement in chosen]
    return sorted((one for one in checked if not one.breaks), key=lambda one: one.cost_delta)[:MOST_SHOWN]


def _spread(placements: Sequence[Placement]) -> list[Placement]:
    """Only a few of every start and of the same people; what is left over comes last."""
    starts: Counter[int] = Counter()
    crews: Counter[frozenset[int]] = Counter()
    kept, rest = list[Placement](), list[Placement]()
    for placement in placements:
        crew = frozenset(placement.users)
        alike = starts[placement.start] >= MOST_ALIKE or crews[crew] >= MOST_ALIKE
        (rest if alike else kept).append(placement)
        starts[placement.start] += not alike
        crews[crew] += not alike
    return kept + rest[: max(0, FEW - len(kept))]


def _closed(seat: _Seat, options: Iterable[Option], wanted: int) -> list[RunnerUp]:
    """Places that break a rule, of each start that with the least trouble; the cheap ones, then the near ones.

    All that are cheaper are of use, and as many others as are wanted.
    """
    by_start: dict[int, Option] = {}
    for option in options:
        known = by_start.get(option.place.start)
        if known is None or _trouble(option) < _trouble(known):
            by_start[option.place.start] = option
    start = seat.placement.start
    ranked = sorted(by_start.values(), key=lambda option: (option.estimate, abs(option.place.start - start)))
    checked = [_runner_up(seat, option.place.placement(), option.place) for option in ranked[:MOST_CHECKED]]
    checked = sorted((one for one in checked if one.breaks), key=lambda one: one.cost_delta)
    others: dict[tuple[object, ...], RunnerUp] = {}
    for one in checked:
        others.setdefault(tuple((obstacle.rule, obstacle.appointments) for obstacle in one.breaks), one)
    cheaper = [one for one in others.values() if one.cost_delta < 0]
    return [*cheaper, *(one for one in others.values() if one.cost_delta >= 0)][: max(wanted, len(cheaper))][
        :MOST_SHOWN
    ]


def _trouble(option: Option) -> tuple[int, int]:
    return option.place.burden, option.estimate


def _runner_up(seat: _Seat, placement: Placement, place: Place | None) -> RunnerUp:
    """Put the task there, and check the plan."""
    standing = seat.standing
    solution = [*standing.solution]
    solution[seat.index] = placement
    report = check(standing.problem, plan_of(standing.problem, standing.instance, solution))
    return RunnerUp(
        assignment=_assignment(seat, placement),
        message=seat.words.place(seat.index, placement),
        cost_delta=report.cost - standing.report.cost,
        terms=by_term(standing.report, report),
        breaks=tuple(_obstacles(seat, report, place)),
    )


def _obstacles(seat: _Seat, report: Report, place: Place | None) -> list[Obstacle]:
    """What a plan breaks, in the words of explanations where these know the place."""
    told = {} if place is None else _sentences(seat, place)
    obstacles = []
    for violation in report.violations:
        if violation.rule in BY_LEAVING_OUT:
            continue
        others = [key for key in violation.appointments if key != seat.inquiry.appointment.id]
        message = next((told[pair] for pair in _pairs(violation) if pair in told), violation.message)
        obstacles.append(
            Obstacle(
                rule=violation.rule, conflict_type=violation.conflict_type, message=message, appointments=tuple(others)
            )
        )
    return list({(obstacle.rule, obstacle.message): obstacle for obstacle in obstacles}.values())


def _pairs(violation: Violation) -> list[tuple[str, str]]:
    named = [("user", key) for key in violation.users]
    named += [("team", key) for key in violation.teams] + [("resource", key) for key in violation.resources]
    subjects = [f"{kind}:{key}" for kind, key in named] or ["organization"]
    return [(violation.rule, subject) for subject in (*subjects, "own")]


def _sentences(seat: _Seat, place: Place) -> dict[tuple[str, str], str]:
    closings = Closings(seat.words, seat.inquiry, place)
    found: dict[tuple[str, str], str] = {}
    causes = causes_of(seat.inquiry, place)
    for cause in causes:
        if cause.subject is None:
            if cause.rule == "links":
                found["links", "own"] = link_sentence(seat.words, seat.inquiry, place)
            continue
        known = seat.inquiry.scene.instance.subject(cause.subject)
        name = known.kind if known.kind == "organization" else known.name
        late = cause.rule == "travel" and Cause("overlap", cause.subject) in causes
        message = closings.travel_beside_work(cause.subject) if late else closings.sentence(cause, cause.subject)
        found[cause.rule, name] = message
    return found


def _assignment(seat: _Seat, placement: Placement) -> Assignment:
    sole: Solution = [None] * len(seat.standing.solution)
    sole[seat.index] = placement
    (assignment,) = assemble(seat.standing.problem, seat.standing.instance, sole)
    return assignment


def _shares(seat: _Seat) -> dict[str, int]:
    shares = seat.standing.report.shares.get(seat.inquiry.appointment.id, {})
    return {name: cost for name, cost in sorted(shares.items(), key=lambda item: -item[1]) if cost}


def _message(seat: _Seat, alternatives: Sequence[RunnerUp], *, pinned: bool) -> str:
    where = seat.words.place(seat.index, seat.placement)
    shares = _shares(seat)
    parts = listed([f"{name.replace('_', ' ')} {cost:,}" for name, cost in shares.items()], most=6) if shares else ""
    cost = f"its share of the cost is {sum(shares.values()):,}: {parts}" if shares else "it costs nothing there"
    if pinned:
        return f"It stands {where}, and is pinned there; {cost}."
    if not alternatives:
        return f"It stands {where}; {cost}. No other place is open to it."
    best = alternatives[0].cost_delta
    if best > 0:
        return f"It stands {where}; {cost}. Every other open place that was looked at costs more."
    if best == 0:
        return f"It stands {where}; {cost}. No open place costs less, but some cost as much."
    return f"It stands {where}; {cost}. An open place would save {-best:,}: the search ended before it got there."
