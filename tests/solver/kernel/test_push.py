"""Work that makes way: what stands later on a route is pushed, closes up again, and waits no longer than it must."""

from tests.factories import Json, appointment, current, link, position, problem, span, user
from tests.solver.kernel.kernels import Kernel

TRAVEL: Json = {"locations": ["p", "q"], "minutes": [[0, 30], [30, 0]]}


def route(*appointments: Json, users: int = 1, **weights: int) -> Kernel:
    """A problem of one Monday in steps of 15 minutes with two places half an hour apart; late minutes cost 1."""
    return Kernel(
        problem(
            step_minutes=15,
            locations=[],
            travel=TRAVEL,
            users=[user(f"u{i}") for i in range(users)],
            appointments=list(appointments),
            weights={"lateness": 1, "travel": 1, **weights},
        )
    )


def visit(ident: str, place: str, opens: str, due: str, **fields: object) -> Json:
    """An hour at a place, not before one time, late after another."""
    return appointment(
        ident,
        60,
        location=place,
        windows=[span(f"mon {opens}", "mon 24:00")],
        due=span("mon 00:00", f"mon {due}")["end"],
        mandatory=True,
        **{"crew": [{}], **fields},
    )


def test_what_follows_is_pushed_by_as_little_as_the_way_asks_for() -> None:
    # b stands at 9:00 and may end by 13:00; a must end by 10:00, so b starts after an hour and the way: 10:30
    kernel = route(visit("b", "q", "09:00", "13:00"), visit("a", "p", "09:00", "10:00"))
    kernel.construct("b", "a")
    assert kernel.starts() == {"a": 540, "b": 630}
    assert kernel.cost == 30


def test_pinned_work_is_not_pushed() -> None:
    # b is pinned at 9:00: a comes behind it and is an hour and a half late, which costs less than going first could
    kernel = route(
        visit("b", "q", "09:00", "13:00", current=current("mon 09:00", "u0"), pinned=True),
        visit("a", "p", "09:00", "10:00"),
    )
    kernel.construct()
    assert kernel.starts() == {"a": 630, "b": 540}
    assert kernel.cost == 30 + 90


def test_pushing_reaches_everyone_who_serves_what_is_pushed() -> None:
    # c takes both people at 9:00; a needs one of them until 10:00, so both serve c at 10:30
    crew = [position(), position()]
    kernel = route(visit("c", "q", "09:00", "13:00", crew=crew), visit("a", "p", "09:00", "10:00"), users=2)
    kernel.construct("c", "a")
    assert kernel.starts() == {"a": 540, "c": 630}
    assert kernel.cost == 30


def test_linked_pair_enters_together_and_waits_for_both() -> None:
    # u0 is busy until 11:00 whoever else is free: the pair starts together, half an hour after that
    busy = {"users": {"allowed": ["u0"]}, "current": current("mon 10:00", "u0"), "pinned": True}
    start_together = {"min_gap_minutes": 0, "max_gap_minutes": 0, "from": "start", "different_users": True}
    kernel = route(
        visit("busy", "p", "10:00", "11:00", **busy),
        visit("one", "q", "10:00", "24:00", users={"allowed": ["u0"]}),
        visit("two", "q", "10:00", "24:00", users={"allowed": ["u1"]}, after=[link("one", **start_together)]),
        users=2,
    )
    kernel.construct()
    assert kernel.starts() == {"busy": 600, "one": 690, "two": 690}


def test_removal_lets_the_rest_close_up() -> None:
    # whatever the moves took out, the best plan has no stop later than the one before it asks for
    kernel = route(
        visit("a", "p", "09:00", "10:00"), visit("b", "q", "09:00", "11:30"), visit("c", "p", "09:00", "13:00")
    )
    kernel.construct()
    kernel.anneal(200)
    best = {
        task.id: at.start
        for task, at in zip(kernel.instance.tasks, kernel.best_solution, strict=True)
        if at is not None
    }
    # a, c in one place, then b: c ends 11:00, b 12:30 is an hour late; a, b, c needs two ways: 60, nothing late
    assert best == {"a": 540, "b": 630, "c": 720}


def test_first_stop_waits_at_home_where_waiting_counts() -> None:
    # b opens at 12:00; a goes from 9:00 to half an hour and its own length before that: nobody is idle
    kernel = route(visit("a", "p", "09:00", "12:00"), visit("b", "q", "12:00", "13:00"), waiting=1)
    kernel.construct("a", "b")
    kernel.anneal(50)
    best = [at.start for at in kernel.best_solution if at is not None]
    assert best == [630, 720]
    assert kernel.report(kernel.best_solution).cost == 30
