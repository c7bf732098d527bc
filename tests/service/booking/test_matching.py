from itertools import permutations

from hypothesis import given, settings, strategies as st

from service.booking.matching import matched


def most(fitting: list[list[int]]) -> int:
    """Try all orders in which places choose greedily: one of them is the best."""
    best = 0
    for order in permutations(range(len(fitting))):
        for choice in permutations(range(5)):
            used: set[int] = set()
            for place in order:
                free = [index for index in choice if index in fitting[place] and index not in used]
                used.update(free[:1])
            best = max(best, len(used))
    return best


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), max_size=4, unique=True), max_size=4))
def test_as_many_places_are_filled_as_can_be(fitting: list[list[int]]) -> None:
    found = matched(fitting)
    assert all(index in fitting[place] for place, index in found.items())
    assert len(set(found.values())) == len(found) == most(fitting)


def test_long_chain_of_changes_is_followed() -> None:
    many = 3000
    fitting = [[i, i + 1] for i in range(many)] + [[0]]
    assert len(matched(fitting)) == many + 1
