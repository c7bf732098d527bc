from itertools import pairwise

from hypothesis import given, strategies as st

from models.intervals import Interval, contains, intersect, length, subtract, union

Pairs = list[Interval]
pairs = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12)


def minutes(intervals: Pairs) -> set[int]:
    return {minute for start, end in intervals for minute in range(start, end)}


def is_normal(intervals: Pairs) -> bool:
    return all(start < end for start, end in intervals) and all(
        left[1] < right[0] for left, right in pairwise(intervals)
    )


@given(pairs)
def test_union_is_the_set_of_minutes(some: Pairs) -> None:
    assert minutes(union(some)) == minutes(some)
    assert is_normal(union(some))


@given(pairs, pairs)
def test_intersect_agrees_with_sets(left: Pairs, right: Pairs) -> None:
    common = intersect(union(left), union(right))
    assert minutes(common) == minutes(left) & minutes(right)
    assert is_normal(common)


@given(pairs, pairs)
def test_subtract_agrees_with_sets(left: Pairs, right: Pairs) -> None:
    rest = subtract(union(left), union(right))
    assert minutes(rest) == minutes(left) - minutes(right)
    assert is_normal(rest)


@given(pairs, st.integers(0, 40), st.integers(1, 20))
def test_contains_agrees_with_sets(some: Pairs, start: int, size: int) -> None:
    assert contains(union(some), start, start + size) == (set(range(start, start + size)) <= minutes(some))


@given(pairs)
def test_length_counts_minutes(some: Pairs) -> None:
    assert length(union(some)) == len(minutes(some))


def test_union_joins_what_touches() -> None:
    assert union([(5, 9), (0, 5)]) == [(0, 9)]


def test_contains_wants_one_interval() -> None:
    assert not contains([(0, 5), (6, 9)], 4, 7)
