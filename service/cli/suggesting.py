"""`tidyplan suggest`: the best slots for an appointment beside a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from models.errors import Fault, InvalidPlan, InvalidProblem, InvalidRequest
from models.suggestion import SlotQuery, SlotRequest
from models.timegrid import minute_of
from models.zones import zone_advice, zone_of
from service.cli.files import BAD_INPUT, LEFT_OUT, OK, Refused, read_plan, read_problem, show_faults
from service.cli.requesting import Description, Json, read_time
from service.cli.screen import complain, printable, results, say
from service.report import named
from service.wording import count, number, span

if TYPE_CHECKING:
    from models.appointments import Appointment
    from models.enums import WeightPreset
    from models.plan import Plan
    from models.problem import Problem
    from models.suggestion import Suggestion, Suggestions


class Question(NamedTuple):
    """What is asked for, as it was typed."""

    request: Path | None
    appointment: str | None
    described: Description
    first: str | None
    last: str | None
    time_zone: str | None
    query: Json


def run(problem_path: Path, plan_path: Path, question: Question, weights: WeightPreset | None, *, as_json: bool) -> int:
    """Suggest slots and print them.

    Parameters
    ----------
    problem_path, plan_path
        The two files.
    question
        What is asked for.
    weights
        A preset for what the problem leaves open.
    as_json
        Whether to print one JSON object instead of a list.

    Returns
    -------
    The exit code: 0 there are slots, 1 there are none, 2 the input is wrong.
    """
    try:
        problem, plan = _read_both(problem_path, plan_path, weights)
        item, query = _asked(problem, question)
        found = _found(problem, plan, item, query, (problem_path, plan_path), question)
    except Refused:
        return BAD_INPUT
    if as_json:
        typer.echo(found.to_json(indent=1).encode())
    else:
        wanted = problem.appointments_by_id[item] if isinstance(item, str) else item
        _show(problem, wanted, query, found)
    return OK if found.suggestions else LEFT_OUT


def _read_both(problem_path: Path, plan_path: Path, weights: WeightPreset | None) -> tuple[Problem, Plan]:
    problem: Problem | None = None
    try:
        problem = read_problem(problem_path, weights)
    finally:
        plan = read_plan(plan_path)
    return problem, plan


def _asked(problem: Problem, question: Question) -> tuple[Appointment | str, SlotQuery]:
    """Read what is asked for, or print everything that is wrong with it and raise `Refused`."""
    described, ways = question.described, (question.request, question.appointment, question.described.minutes)
    if sum(way is not None for way in ways) != 1:
        which = "nothing says" if all(way is None for way in ways) else "several options say"
        complain(
            f"suggest: {which} what the slots are for. Give one: a request.json, --appointment ID, or --minutes 60."
        )
        raise Refused
    if described.minutes is None and described.given():
        complain(f"suggest: {', '.join(described.given())} describe a new request. Use them beside --minutes.")
        raise Refused
    if question.time_zone is not None and (advice := zone_advice(question.time_zone)):
        expected = "the IANA name of a time zone, such as Europe/Berlin"
        show_faults("suggest", [Fault("--time-zone", f'"{question.time_zone}"', expected, advice)])
        raise Refused
    zone = problem.zone if question.time_zone is None else zone_of(question.time_zone)
    label = "suggest" if question.request is None else str(question.request)
    try:
        query = dict(question.query)
        if question.first is not None:
            query["from"] = read_time("--from", question.first, zone)
        if question.last is not None:
            query["until"] = read_time("--until", question.last, zone, to_its_end=True)
        asked = SlotQuery.parse(query | {"time_zone": question.time_zone})
        if question.appointment is not None:
            return question.appointment, asked
        if question.request is None:
            return SlotRequest.parse(described.document(zone)), asked
        return SlotRequest.parse(question.request.read_bytes()), asked
    except InvalidRequest as error:
        show_faults(label, error.faults)
    except FileNotFoundError:
        complain(f"{question.request}: there is no such file. Check the name, or describe the request with --minutes.")
    except OSError as error:
        complain(f"{question.request}: it cannot be read: {error.strerror or error}. Check its name and permissions.")
    raise Refused


def _found(
    problem: Problem,
    plan: Plan,
    item: Appointment | str,
    query: SlotQuery,
    paths: tuple[Path, Path],
    question: Question,
) -> Suggestions:
    from solver.suggest import SuggestIndex

    try:
        return SuggestIndex(problem, plan).suggest(item, query)
    except InvalidProblem as error:
        show_faults(str(paths[0]), error.faults)
    except InvalidPlan as error:
        show_faults(str(paths[1]), error.faults)
    except InvalidRequest as error:
        show_faults("suggest" if question.request is None else str(question.request), error.faults)
    raise Refused


def _show(problem: Problem, item: Appointment, query: SlotQuery, found: Suggestions) -> None:
    headline, what = named(item)
    told = " · ".join(part for part in (what, f"{item.duration_minutes} min") if part)
    say(f"Slots for {'a new appointment' if headline == 'request' else headline}, {told}", style="bold")
    if not found.suggestions:
        say(f"None. {found.reason}")
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("", justify="right", style="bold")
    table.add_column("when", no_wrap=True)
    table.add_column("cost", justify="right", no_wrap=True)
    table.add_column("with whom, and what speaks for and against it")
    slots = [("now", found.present)] if found.present is not None else []
    slots += [(str(rank), slot) for rank, slot in enumerate(found.suggestions, 1)]
    for rank, slot in slots:
        table.add_row(rank, _when(problem, query, slot), Text(number(slot.cost)), _body(problem, slot))
    if slots:
        results().print(table)
    if found.suggestions:
        say(_footer(query, found))


def _when(problem: Problem, query: SlotQuery, slot: Suggestion) -> Text:
    zone = problem.zone if query.time_zone is None else zone_of(query.time_zone)
    return Text(span(minute_of(slot.start), minute_of(slot.end), zone))


def _body(problem: Problem, slot: Suggestion) -> Text:
    """Whom and what it takes on the first line, what speaks for and against it beneath, and then what moves."""
    company, points = _company(problem, slot), printable(", ".join(slot.points))
    body = Text(company, style="bold")
    body.append(f"\n{points}" if company else points, style="not bold")
    for place, move in enumerate(slot.moves):
        body.append(f"\n{'and' if place else 'if'} {printable(move.why)}", style="not bold")
    return body


def _company(problem: Problem, slot: Suggestion) -> str:
    people = [(problem.users_by_id[key].name, key) for key in slot.users]
    things = [(problem.resources_by_id[use.resource].name, use.resource) for use in slot.resources]
    team = [] if slot.team is None else [(problem.teams_by_id[slot.team].name, slot.team)]
    listed = [f"{name} ({key})" if name and name != key else key for name, key in (*team, *people, *things)]
    return printable(", ".join(listed))


def _footer(query: SlotQuery, found: Suggestions) -> str:
    shown = len(found.suggestions)
    starts = f"{count(found.possible, 'start is', 'starts are')} possible" if found.possible else "No start is possible"
    parts = [starts + (" without moves" if query.with_moves else "")]
    if shown < found.possible:
        parts.append(
            f"the {count(shown, 'cheapest', 'cheapest')} that lie apart are shown: --limit and --spread show others"
        )
    if not found.complete:
        parts.append("there was no time to look at all moves: --seconds gives more")
    return "; ".join(parts) + "."
