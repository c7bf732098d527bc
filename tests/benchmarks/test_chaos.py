"""All notifications arrive though processes are killed: the short form of `benchmarks.serving chaos`."""

from collections import Counter
from pathlib import Path

from benchmarks.serving.chaos import Chaos, chaos, subject


def test_all_notifications_arrive_though_processes_are_killed(tmp_path: Path) -> None:
    found = chaos(f"sqlite:///{tmp_path}/chaos.db", 20, kills=2, seed=1, pairs=1, every_seconds=0.4)
    assert found.faults == []
    assert found.kills > 0


def test_what_must_not_be_is_told() -> None:
    good = {subject(0): Counter({"a": 1}), subject(1): Counter({"b": 1})}
    sent = Counter({"sent": 2})
    assert Chaos(2, letters=good, statuses=sent).faults == []
    twice = good | {subject(1): Counter({"b": 2})}
    assert len(Chaos(2, letters=twice, statuses=sent).faults) == 1
    assert Chaos(2, kills=1, letters=twice, statuses=sent).faults == []
    others = good | {subject(1): Counter({"b": 1, "c": 1})}
    assert len(Chaos(2, kills=1, letters=others, statuses=sent).faults) == 1
    assert (
        len(Chaos(2, letters={subject(0): Counter({"a": 1})}, statuses=Counter({"sent": 1, "failed": 1})).faults) == 2
    )
