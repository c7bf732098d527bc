"""`python -m solver.kernel`: compile kernel and bounds now, so that no command has to wait for them."""

from shutil import rmtree
from time import perf_counter

from models.problem import Problem
from models.suggestion import SlotQuery
from solver.bounds import compiled as bounds
from solver.kernel import compiled as kernel
from solver.lower import lower

WARM_UP = {
    "version": 1,
    "horizon": {"start": "2026-01-05T00:00:00Z", "end": "2026-01-06T00:00:00Z"},
    "users": [{"id": "u"}],
    "appointments": [{"id": "a", "duration_minutes": 60, "crew": [{}]}],
}


def main() -> None:
    """Compile by planning one appointment, drop what older sources left, and say how long it took."""
    from solver.bounds.lagrangian import LagrangianBound
    from solver.kernel.pack import pack
    from solver.search import Annealing, greedy
    from solver.suggest import SuggestIndex

    began = perf_counter()
    problem = Problem.parse(WARM_UP)
    SuggestIndex(problem).suggest("a", SlotQuery(with_moves=1))
    instance = lower(problem)
    packed = pack(instance)
    Annealing(instance, packed, greedy(instance, packed, 0), 1, 0).warm_up()
    LagrangianBound(instance).improve(1, 1)
    for used in (kernel.CACHE_FOLDER, bounds.CACHE_FOLDER):
        kind = used.name.partition("-")[0]
        for folder in used.parent.glob(f"{kind}-*"):
            if folder != used:
                rmtree(folder, ignore_errors=True)
    print(f"kernels ready in {perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
