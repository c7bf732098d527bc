"""Chains in threads, processes and on a Dask cluster: the same plans, and a plan whatever becomes of the workers."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Literal

import pytest

from models.errors import MissingPackage
from models.plan import Plan
from models.problem import Problem
from solver.check import check
from solver.construct import greedy
from solver.executors import Brief
from solver.executors.host import Host
from solver.executors.threads import Threads
from solver.executors.wire import arrays_of, key_of, packed_of, received, sent
from solver.kernel.pack import pack
from solver.kernel.plan import read_placements
from solver.lower import lower
from solver.progress import Clock
from solver.search import Annealing
from solver.solve import Options, Progress, solve
from tests.factories import Json, appointment, at, position, problem, span, user
from tests.strategies import random_problem

Kind = Literal["threads", "processes", "dask"]
ENDLESS = 10**9


def long_day() -> Json:
    """More appointments than CP-SAT sees as a whole, with wishes that keep a search busy."""
    users = [user(f"u{k}", "clean") for k in range(8)]
    work = [
        appointment(f"a{k}", 30 + 5 * (k % 7), crew=[position("clean")], preferred_start=at(f"mon {8 + k % 9:02}:00"))
        for k in range(160)
    ]
    weights = {"preferred_time": 1}
    return problem(
        horizon=span("mon 08:00", "mon 18:00"), step_minutes=5, users=users, appointments=work, weights=weights
    )


def sound(item: Problem, plan: Plan) -> Plan:
    report = check(item, plan)
    assert {violation.rule for violation in report.violations} <= {"mandatory"}
    assert plan.cost == report.cost
    return plan


def counted(document: Json, executor: Kind, cluster: str | None = None) -> Plan:
    item = Problem.parse(document)
    options = Options(
        time_limit_seconds=120.0, workers=2, seed=3, max_iterations=1500, executor=executor, cluster=cluster
    )
    return sound(item, solve(item, options))


def disturbed(executor: Kind, disturb: Callable[[], None], cluster: str | None = None) -> tuple[Plan, list[Progress]]:
    """Run until the workers anneal, disturb them, and go on for a while after the user is told."""
    stop, done = threading.Event(), threading.Event()
    seen: list[Progress] = []
    after: list[int] = []

    def watch(progress: Progress) -> None:
        seen.append(progress)
        if progress.iterations > 0 and not done.is_set():
            done.set()
            disturb()
        if progress.messages:
            after.append(progress.iterations)
        if len(after) > 3 and after[-1] > after[0]:
            stop.set()

    item = Problem.parse(long_day())
    # counted moves: nothing anneals before the workers do
    options = Options(time_limit_seconds=60.0, workers=2, max_iterations=ENDLESS, executor=executor, cluster=cluster)
    plan = sound(item, solve(item, options, watch, stop))
    assert done.is_set()
    return plan, seen


def kill_one() -> None:
    workers = [child for child in multiprocessing.active_children() if child.name == "tidyplan-worker"]
    assert len(workers) == 2
    assert workers[0].pid is not None
    os.kill(workers[0].pid, signal.SIGKILL)


def kill_all() -> None:
    for child in multiprocessing.active_children():
        if child.name == "tidyplan-worker":
            child.kill()


def no_workers_left() -> bool:
    return not [child for child in multiprocessing.active_children() if child.name == "tidyplan-worker"]


def test_processes_give_the_plan_of_threads() -> None:
    document = random_problem(7, 200)
    one, other = counted(document, "threads"), counted(document, "processes")
    assert other.assignments == one.assignments
    assert one.solver is not None
    assert other.solver is not None
    assert other.solver.method == one.solver.method + "; chains on 2 processes"
    assert no_workers_left()


def test_processes_keep_the_time_limit() -> None:
    item = Problem.parse(long_day())
    began = time.monotonic()
    seen: list[Progress] = []
    plan = sound(item, solve(item, Options(time_limit_seconds=3.0, workers=2, executor="processes"), seen.append))
    assert time.monotonic() - began < 6.0  # half a second on a machine that does nothing else
    costs = [progress.cost or 0 for progress in seen]
    assert costs == sorted(costs, reverse=True)
    assert plan.cost is not None
    assert plan.cost < costs[0]


def test_search_goes_on_while_processes_start() -> None:
    # far too short for a process to come up
    item = Problem.parse(long_day())
    options = Options(time_limit_seconds=0.4, workers=2, executor="processes")
    seen: list[Progress] = []
    sound(item, solve(item, options, seen.append))
    assert seen[-1].iterations > 0
    assert no_workers_left()


def test_killed_process_leaves_a_plan_and_a_message() -> None:
    plan, seen = disturbed("processes", kill_one)
    (message,) = seen[-1].messages
    assert message.startswith("Worker process ")
    assert message.endswith("ended unexpectedly (signal 9). Its chain goes on in this process.")
    assert plan.solver is not None
    # the other one may just have come up
    assert plan.solver.method.endswith(("chains on 2 processes, 1 lost", "chains on 1 of 2 processes"))
    assert no_workers_left()


def test_run_goes_on_without_any_process() -> None:
    plan, seen = disturbed("processes", kill_all)
    assert len(seen[-1].messages) == 2
    assert plan.solver is not None
    assert plan.solver.method.endswith(("2 lost", "chains on 1 of 2 processes, 1 lost"))


def test_silent_process_does_not_hold_up_a_stop() -> None:
    stop = threading.Event()
    stopped: list[float] = []

    def freeze(progress: Progress) -> None:
        if progress.iterations > 0 and not stopped:
            for child in multiprocessing.active_children():
                assert child.pid is not None
                os.kill(child.pid, signal.SIGSTOP)
            stopped.append(time.monotonic())
            stop.set()

    item = Problem.parse(long_day())
    options = Options(time_limit_seconds=60.0, workers=2, max_iterations=ENDLESS, executor="processes")
    plan = sound(item, solve(item, options, freeze, stop))
    assert plan.assignments
    assert time.monotonic() - stopped[0] < 10.0  # half a second, and the reasons of what is left out
    assert no_workers_left()


def test_dask_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPackage, match=r"pip install 'tidyplan\[cluster\]'"):
        solve(Problem.parse(problem()), Options(executor="dask"))


def test_unreachable_cluster_is_told_and_planned_without() -> None:
    pytest.importorskip("distributed")
    item = Problem.parse(long_day())
    seen: list[Progress] = []
    options = Options(time_limit_seconds=6.0, workers=2, executor="dask", cluster="tcp://127.0.0.1:9")
    plan = sound(item, solve(item, options, seen.append))
    assert seen[-1].iterations > 0
    (message,) = seen[-1].messages
    assert message.startswith("No Dask cluster answers at tcp://127.0.0.1:9")
    assert plan.solver is not None
    assert plan.solver.method == "greedy, ruin and recreate, CP-SAT neighbourhoods"


@pytest.fixture(scope="module")
def dask_cluster() -> Iterator[tuple[str, list[int]]]:
    """A cluster of two workers on this machine: its address and the workers' process ids."""
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        silence_logs=50,
    )
    client = distributed.Client(cluster, set_as_default=False)
    try:
        yield cluster.scheduler_address, list(client.run(os.getpid).values())
    finally:
        client.close()
        cluster.close()


def test_dask_gives_the_plan_of_threads(dask_cluster: tuple[str, list[int]]) -> None:
    document = random_problem(7, 200)
    one, other = counted(document, "threads"), counted(document, "dask", dask_cluster[0])
    assert other.assignments == one.assignments
    assert other.solver is not None
    assert other.solver.method.endswith(f"chains on 2 workers of the Dask cluster {dask_cluster[0]}")


def test_dask_brings_a_cluster_of_its_own() -> None:
    pytest.importorskip("distributed")
    plan = counted(random_problem(7, 160), "dask")
    assert plan.solver is not None
    assert "chains on 2 workers of a local Dask cluster" in plan.solver.method


def test_killed_dask_worker_leaves_a_plan_and_a_message(dask_cluster: tuple[str, list[int]]) -> None:
    address, workers = dask_cluster
    plan, seen = disturbed("dask", lambda: os.kill(workers[0], signal.SIGKILL), address)
    (message,) = seen[-1].messages
    assert message.startswith("Dask worker tcp://")
    assert message.endswith("Its chain goes on in this process.")
    assert plan.solver is not None
    assert plan.solver.method.startswith("greedy, ruin and recreate; chains on ")


def test_problem_is_the_same_on_the_other_side() -> None:
    instance = lower(Problem.parse(random_problem(5, "medium")))
    packed = pack(instance)
    twin = packed_of(arrays_of(packed))
    assert key_of(twin) == key_of(packed)
    assert twin.compiled_type == packed.compiled_type  # or the worker would compile for minutes
    (chain,) = Threads(1).chains([Brief(instance, packed, greedy(instance, packed, 0), 0)])
    best = received(sent(chain.best))
    assert read_placements(packed, best) == read_placements(packed, chain.best)
    assert best.cost[0] == chain.best.cost[0]


def test_host_keeps_a_problem_for_the_next_chain() -> None:
    instance = lower(Problem.parse(random_problem(6, "small")))
    packed = pack(instance)
    start = arrays_of(greedy(instance, packed, 0))
    key = key_of(packed)
    assert not Host().open(key, None, start, 1)
    assert Host().open(key, arrays_of(packed), start, 1)
    assert Host().open(key, None, start, 2)


def test_second_annealing_makes_as_many_moves_again() -> None:
    instance = lower(Problem.parse(long_day()))
    packed = pack(instance)
    annealing = Annealing(instance, packed, greedy(instance, packed, 0), 2, 0)
    for moves in (400, 800):
        annealing.run(Clock(60.0), 60.0, 200, lambda: False)
        assert annealing.moves == moves


def test_offered_plan_is_kept_and_taken_over() -> None:
    instance = lower(Problem.parse(long_day()))
    packed = pack(instance)
    start = greedy(instance, packed, 0)
    found = Annealing(instance, packed, start, 1, 0)
    found.run(Clock(60.0), 60.0, 2000, lambda: False)
    other = Annealing(instance, packed, start, 2, 0)
    assert other.price() > found.price()
    other.offer(found.solution())
    assert other.price() == found.price()
    assert other.solution() == found.solution()
    # at the first exchange, one of the chains goes on from it
    other.run(Clock(60.0), 60.0, 20, lambda: False)
    assert other.price() <= found.price()
    assert min(chain.best.cost[0] for chain in other.chains) <= min(chain.best.cost[0] for chain in found.chains)
