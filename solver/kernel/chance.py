"""Random numbers of one thread: xorshift64* (Vigna, 2016), the state in an array so that a run can be repeated."""

import numpy as np

from solver.kernel.compiled import compiled


@compiled
def draw(random):
    """The next 64 random bits."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return x * np.uint64(0x2545F4914F6CDD1D)


@compiled
def below(random, count):
    """A random integer in 0…count − 1; count is below 2³²."""
    return np.int64(((draw(random) >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))


@compiled
def unit(random):
    """A random float in [0, 1)."""
    return np.float64(draw(random) >> np.uint64(11)) / 9007199254740992.0
