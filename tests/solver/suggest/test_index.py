"""An index that follows bookings answers like one that is made anew, and refuses what it does not know."""

from __future__ import annotations

import random
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from models.appointments import Appointment
from models.errors import InvalidPlan, InvalidRequest
from models.people import Period, User
from models.plan import Assignment, Plan
from models.problem import Problem
from models.suggestion import SlotQuery, SlotRequest, Suggestions
from solver.suggest import SuggestIndex, suggest
from solver.suggest.room import changed
from tests.factories import (
    Json,
    appointment,
    at,
    current,
    hours,
    link,
    position,
    problem,
    resource,
    rule,
    span,
    team,
    user,
)
from tests.solver.plans import placed
from tests.solver.suggest.worlds import ALL, DRAWS, World, without
from tests.strategies import random_problem

ONE_HOUR = {"duration_minutes": 60, "crew": [{}]}


def made(document: Json, *standing: Json) -> SuggestIndex:
    """An index of a plan."""
    return SuggestIndex(Problem.parse(document), Plan.parse({"assignments": list(standing)}))


def request(**fields: Any) -> SlotRequest:
    return SlotRequest.parse(ONE_HOUR | fields)


def item(**fields: Any) -> Appointment:
    return Appointment.model_validate(fields)


def times(found: Suggestions) -> list[str]:
    """When and with whom the slots are."""
    return [f"{slot.start:%a %H:%M} {' '.join(slot.users)}".strip() for slot in found.suggestions]


def standing(ident: str, start: str, *users: str, **fields: Any) -> Assignment:
    return Assignment.model_validate(placed(ident, start, *users, **fields))


DAY = problem(users=[user("ana", availability=hours("09:00", "12:00"))])
LATER = ["Mon 10:00 ana", "Mon 11:00 ana"]


def test_a_booking_takes_its_time_and_a_cancellation_gives_it_back() -> None:
    index = made(DAY)
    assert times(index.suggest(request(), ALL)) == ["Mon 09:00 ana", *LATER]
    index.place(item(id="a", **ONE_HOUR), standing("a", "mon 09:00", "ana"))
    assert times(index.suggest(request(), ALL)) == LATER
    index.place("a", standing("a", "mon 10:00", "ana"))
    assert times(index.suggest(request(), ALL)) == ["Mon 09:00 ana", "Mon 11:00 ana"]
    index.place("a", None)
    assert len(index.suggest(request(), ALL).suggestions) == 3
    assert len(index.suggest("a", ALL).suggestions) == 3
    index.place("a", standing("a", "mon 11:00", "ana"))
    index.remove("a")
    assert len(index.suggest(request(), ALL).suggestions) == 3
    with pytest.raises(InvalidRequest, match="the id of a known appointment"):
        index.suggest("a")


def test_a_suggestion_can_be_booked_as_it_is() -> None:
    index = made(DAY)
    found = index.suggest(request(), ALL)
    index.place(request(), found.suggestions[0].assignment())
    assert times(index.suggest(request(id="another"), ALL)) == LATER


def test_a_changed_appointment_is_planned_as_it_is_now() -> None:
    index = made(DAY)
    index.place(item(id="a", **ONE_HOUR), standing("a", "mon 09:00", "ana"))
    longer = item(id="a", duration_minutes=120, crew=[{}])
    assert times(index.suggest(longer, ALL)) == ["Mon 09:00 ana", "Mon 10:00 ana"]
    other = item(id="a", duration_minutes=60, crew=[{}], resources=[{"resource_type": "room"}])
    assert index.suggest(other, ALL).reason == "There is no resource of type room."
    assert index.suggest("a", ALL).suggestions[0].end.hour == 11  # asking has not changed it
    index.place(longer, standing("a", "mon 10:00", "ana", minutes=120))
    assert times(index.suggest(request(), ALL)) == ["Mon 09:00 ana"]


def test_links_are_kept_beside_what_is_booked_and_moved() -> None:
    index = made(DAY)
    index.place(item(id="a", **ONE_HOUR), standing("a", "mon 10:00", "ana"))
    follower = request(id="b", after=[link("a", max_gap_minutes=60)])
    assert times(index.suggest(follower, ALL)) == ["Mon 11:00 ana"]
    index.place(follower, standing("b", "mon 11:00", "ana"))
    assert times(index.suggest("a", ALL)) == ["Mon 09:00 ana"]
    index.remove("a")
    assert index.suggest("b", ALL).reason == "It follows a, which has no place yet. Place that first."
    index.place(item(id="a", **ONE_HOUR), standing("a", "mon 09:00", "ana"))
    assert times(index.suggest("b", ALL)) == ["Mon 10:00 ana"]


def test_a_new_address_is_travelled_to() -> None:
    document = problem(
        users=[user("ana", availability=hours("09:00", "12:00"), start_location="home")],
        locations=[{"id": "home", "latitude": 0.0, "longitude": 0.0}],
        travel={"speed_kmh": 60, "detour_factor": 1.0},
        step_minutes=15,
        weights={"travel": 1},
    )
    index = made(document)
    near = request(location="new", coordinates={"latitude": 0.0, "longitude": 0.2})  # 22.2 km
    first = index.suggest(near, ALL).suggestions[0]
    assert (f"{first.start:%H:%M}", first.cost) == ("09:30", 23)
    index.place(near, standing("request", "mon 09:30", "ana"))
    same = request(id="again", location="new")
    assert [slot.cost for slot in index.suggest(same, ALL).suggestions][:2] == [0, 0]
    with pytest.raises(InvalidRequest, match="Leave them out, or give the place another id"):
        index.suggest(request(id="x", location="new", coordinates={"latitude": 1.0, "longitude": 0.2}))


def test_a_new_address_needs_coordinates_and_no_matrix() -> None:
    document = problem(users=[user("ana")], travel={"locations": ["x"], "minutes": [[0]]})
    with pytest.raises(InvalidRequest, match="a location of the travel matrix"):
        made(document).suggest(request(location="new", coordinates={"latitude": 0.0, "longitude": 0.0}))
    with pytest.raises(InvalidRequest, match="Give the place an id"):
        request(coordinates={"latitude": 0.0, "longitude": 0.0})


def test_time_passes() -> None:
    notice = rule("advance_booking", parameters={"min_hours": 1})
    index = made(
        problem(users=[user("ana", availability=hours("09:00", "12:00"))], rules=[notice], now=at("mon 06:00"))
    )
    assert len(index.suggest(request(), ALL).suggestions) == 3
    index.advance(datetime.fromisoformat(at("mon 09:30")))
    assert times(index.suggest(request(), ALL)) == ["Mon 11:00 ana"]
    booked = request(current=current("mon 10:00", "ana"))
    assert times(index.suggest(booked, ALL)) == LATER


def test_much_is_booked_at_new_places_for_new_clients_by_large_crews() -> None:
    people = [user(f"u{i}") for i in range(12)]
    document = problem(
        users=people, resources=[resource("hall", capacity=400)], travel={},
        locations=[{"id": "x", "latitude": 0.0, "longitude": 0.0}], weights={"continuity": 100, "travel": 1},
    )  # fmt: skip
    index = made(document)
    use = [{"resource": "hall", "demand": 0, "units": 1}]
    for n in range(400):
        crew = range(12) if n % 40 == 0 else [n % 12]
        wish = request(
            id=f"r{n}",
            duration_minutes=5,
            client=f"c{n}",
            location=f"p{n}",
            coordinates={"latitude": 0.0, "longitude": 0.001 * n},
            resources=[{"resource": "hall", "units": 1}],
            crew=[{"count": len(crew)}],
            users={"preferred": [f"u{n % 12}"]},
        )
        team_of = [f"u{i}" for i in crew]
        index.place(wish, standing(f"r{n}", f"mon {n // 20:02}:00", *team_of, minutes=5, resources=use))
    last = index.suggest(request(client="c7", location="p7"), ALL)
    assert last.suggestions[0].users == ("u7",)
    for n in range(400):
        index.remove(f"r{n}")
    assert len(index.suggest(request(location="x"), ALL).suggestions) == 24


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(DRAWS)))
def test_what_is_booked_and_cancelled_leaves_an_index_like_a_new_one(seed: int, draw: str) -> None:
    world = World.of(random_problem(seed, "small", DRAWS[draw]), seed)
    order = random.Random(seed)
    stands = {one.appointment: one for one in world.plan.assignments}
    known = [entry for entry in world.loose() if world.lonely(entry) and not entry.after]
    late = order.sample(known, len(known) // 2)
    keys = {entry.id for entry in late}
    rest = changed(world.problem, appointments=tuple(one for one in world.problem.appointments if one.id not in keys))
    index = SuggestIndex(rest, without(world.plan, *keys))
    for entry in late:
        index.place(entry, stands.get(entry.id))
        index.suggest(entry.id, ALL)
    gone = order.sample(late, len(late) // 3)
    for entry in gone:
        index.remove(entry.id)
        index.suggest(entry, ALL)
    away = {entry.id for entry in gone}
    left = changed(world.problem, appointments=tuple(one for one in world.problem.appointments if one.id not in away))
    fresh = SuggestIndex(left, without(world.plan, *away))
    for entry in world.loose():
        asked = entry if entry.id in away else entry.id
        first, second = (each.suggest(asked, ALL) for each in (index, fresh))
        assert [(slot.start, slot.cost) for slot in first.suggestions] == [
            (slot.start, slot.cost) for slot in second.suggestions
        ]
        assert [slot.terms for slot in first.suggestions] == [slot.terms for slot in second.suggestions]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["anything", "breaks", "limits"]))
def test_absences_that_come_and_go_leave_an_index_like_a_new_one(seed: int, draw: str) -> None:
    world = World.of(random_problem(seed, "small", DRAWS[draw]), seed)
    start, order = world.problem.horizon.start, random.Random(seed)
    index = SuggestIndex(world.problem, world.plan)

    def away(subject: Any) -> Any:
        first = start + timedelta(hours=order.randrange(100))
        leave = Period(start=first, end=first + timedelta(hours=order.randrange(1, 30)))
        return subject.model_copy(update={"unavailable": order.choice([(leave,), (*subject.unavailable, leave), ()])})

    users = tuple(map(away, world.problem.users))
    resources = tuple(map(away, world.problem.resources))
    for subject in (*map(away, users), *map(away, resources), *users, *resources):
        index.leave(subject)
    fresh = SuggestIndex(changed(world.problem, users=users, resources=resources), world.plan)
    for entry in world.loose():
        first, second = (each.suggest(entry.id, ALL) for each in (index, fresh))
        assert [(slot.start, slot.cost, slot.users, slot.resources) for slot in first.suggestions] == [
            (slot.start, slot.cost, slot.users, slot.resources) for slot in second.suggestions
        ]


def test_only_who_is_known_can_be_away() -> None:
    with pytest.raises(InvalidRequest, match="the id of a known user"):
        made(DAY).leave(User(id="eve"))


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_times_and_days_bound_the_whole_service(seed: int) -> None:
    world = World.of(random_problem(seed, "small", ("locations",)), seed)
    index = SuggestIndex(world.problem, world.plan)
    late = SlotQuery.parse(
        {"limit": 1000, "spread_minutes": 0, "from": f"{world.problem.horizon.start:%Y-%m-%d}T12:00:00Z"}
    )
    for entry in world.loose():
        everything = index.suggest(entry.id, ALL).suggestions
        some = index.suggest(entry.id, late).suggestions
        assert late.from_ is not None
        assert [slot.start for slot in some] == [slot.start for slot in everything if slot.start >= late.from_]


def test_suggest_alone_is_an_index_asked_once() -> None:
    found = suggest(Problem.parse(DAY), None, request(), limit=2, spread=0)
    assert times(found) == ["Mon 09:00 ana", "Mon 10:00 ana"]
    assert found.possible == 3


def test_threads_may_ask_while_others_book() -> None:
    index, wrong = made(DAY), list[str]()

    def ask() -> None:
        for _ in range(100):
            got = times(index.suggest(request(), ALL))
            if got not in (["Mon 09:00 ana", *LATER], LATER):
                wrong.append(f"{got}")

    def book() -> None:
        for _ in range(100):
            index.place(item(id="a", **ONE_HOUR), standing("a", "mon 09:00", "ana"))
            index.remove("a")

    threads = [threading.Thread(target=work) for work in (ask, ask, book)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"users": {"allowed": ["anna"]}}, "users.allowed[0]"),
        ({"team": {"any_of": ["blue"]}}, "team.any_of[0]"),
        ({"resources": [{"resource": "van"}]}, "resources[0].resource"),
        ({"location": "mars"}, "location"),
        ({"after": [link("nothing")]}, "after[0].appointment"),
        ({"after": [link("request")]}, "after[0].appointment"),
        ({"current": current("mon 09:00", "zoe")}, "current.users[0]"),
    ],
)
def test_unknown_names_are_refused_with_their_place(fields: Json, where: str) -> None:
    document = DAY | {"teams": [team("red", "ana")], "resources": [resource("room")]}
    index = made(document)
    with pytest.raises(InvalidRequest) as refused:
        index.suggest(request(**fields))
    assert where in [fault.where for fault in refused.value.faults]
    assert len(index.suggest(request(), ALL).suggestions) == 3


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InvalidRequest) as refused:
        made(DAY).suggest(request(users={"allowed": ["anna"]}, location="mars", team={"any_of": ["blue"]}))
    assert [fault.where for fault in refused.value.faults] == ["team.any_of[0]", "users.allowed[0]", "location"]
    assert refused.value.faults[1].advice == 'Did you mean "ana"?'


def test_what_is_pinned_or_has_begun_is_refused() -> None:
    stands = current("mon 09:00", "ana")
    fixed = appointment("a", crew=[position()], current=stands, pinned=True)
    begun = appointment("b", crew=[position()], current=stands)
    index = made(DAY | {"appointments": [fixed, begun], "now": at("mon 09:30")})
    with pytest.raises(InvalidRequest, match="Unpin it first"):
        index.suggest("a")
    with pytest.raises(InvalidRequest, match="before now"):
        index.suggest("b")


def test_a_booking_of_something_unknown_changes_nothing() -> None:
    index = made(DAY)
    with pytest.raises(InvalidPlan, match="the id of a known user"):
        index.place(item(id="a", **ONE_HOUR), standing("a", "mon 09:00", "zoe"))
    with pytest.raises(InvalidPlan, match="which is placed"):
        index.place(item(id="a", **ONE_HOUR), standing("b", "mon 09:00", "ana"))
    with pytest.raises(InvalidRequest):
        index.remove("a")
    index.place(item(id="a", **ONE_HOUR), standing("a", "mon 09:00", "ana"))
    with pytest.raises(InvalidPlan, match="the id of a known user"):
        index.place(item(id="a", duration_minutes=120, crew=[{}]), standing("a", "mon 09:00", "zoe"))
    assert times(index.suggest(request(), ALL)) == LATER


def test_a_plan_of_something_unknown_is_refused() -> None:
    with pytest.raises(InvalidPlan, match="the id of a known appointment"):
        made(DAY, placed("a", "mon 09:00", "ana"))


def test_overlapping_work_that_stands_blocks_as_a_whole() -> None:
    both = [appointment("a", 120, crew=[position()]), appointment("b", crew=[position()])]
    index = made(
        DAY | {"appointments": both}, placed("a", "mon 09:00", "ana", minutes=120), placed("b", "mon 09:00", "ana")
    )
    assert times(index.suggest(request(), ALL)) == ["Mon 11:00 ana"]


def test_what_stands_outside_the_horizon_counts_in_its_week() -> None:
    busy = user("ana", max_hours_per_week=2, availability=hours("09:00", "12:00"))
    document = problem(
        users=[busy], horizon=span("tue 00:00", "tue 24:00"), appointments=[appointment("a", crew=[position()])]
    )
    assert len(made(document).suggest(request(duration_minutes=120), ALL).suggestions) == 2
    index = made(document, placed("a", "mon 09:00", "ana"))
    assert index.suggest(request(duration_minutes=120), ALL).suggestions == ()
    index.remove("a")
    assert len(index.suggest(request(duration_minutes=120), ALL).suggestions) == 2
    index.place(item(id="a", **ONE_HOUR), standing("a", "wed 09:00", "ana"))
    assert index.suggest(request(duration_minutes=120), ALL).suggestions == ()


def test_a_plan_that_moves_bookings_is_priced_as_it_is() -> None:
    booked = appointment("a", crew=[position()], current=current("mon 09:00", "ana"))
    index = made(DAY | {"appointments": [booked], "weights": {"moved": 30}}, placed("a", "mon 09:00", "ana"))
    found = index.suggest("a", ALL)
    assert found.present is not None
    assert found.present.cost == 0
    assert [(slot.cost, slot.points) for slot in found.suggestions] == [(30, ("another time than today's",))] * 2
