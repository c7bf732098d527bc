"""`python -m solver.kernel`: compile the kernel now, so that no command has to wait for it."""

from shutil import rmtree
from time import perf_counter

from models.problem import Problem
from models.suggestion import SlotQuery
from solver.kernel.compiled import CACHE_FOLDER
from solver.lower import lower

WARM_UP = {
    "version": 1,
    "horizon": {"start": "2026-01-05T00:00:00Z", "end": "2026-01-06T00:00:00Z"},
    "users": [{"id": "u"}],
    "appointments": [{"id": "a", "duration_minutes": 60, "crew": [{}]}],
}


def main() -> None:
    """Compile by planning one appointment, drop what older sources left, and say how long it took."""
    from solver.kernel.pack import pack
    from solver.search import Annealing, greedy
    from solver.suggest import SuggestIndex

    began = perf_counter()
    problem = Problem.parse(WARM_UP)
    SuggestIndex(problem).suggest("a", SlotQuery(with_moves=1))
    instance = lower(problem)
    packed = pack(instance)
    Annealing(instance, packed, greedy(instance, packed, 0), 1, 0).warm_up()
    for folder in CACHE_FOLDER.parent.glob("kernel-*"):
        if folder != CACHE_FOLDER:
            rmtree(folder, ignore_errors=True)
    print(f"kernels ready in {perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
