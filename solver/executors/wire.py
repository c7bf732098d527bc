"""The kernel's structs as plain arrays, for the way between processes."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import numpy as np

from solver.kernel.arrays import Packed, State
from solver.kernel.best import Best
from solver.kernel.struct import Struct

Arrays = dict[str, np.ndarray[Any, Any]]
Kind = TypeVar("Kind", bound=Struct)

_REBUILT = ("changed", "marked", "count")  # of `Best`: what moved since it was written, nothing once it is copied


def arrays_of(struct: Struct) -> Arrays:
    """The arrays of a struct by name, not copied."""
    return dict(zip(type(struct).__annotations__, struct.arrays(), strict=True))


def struct_of(kind: type[Kind], arrays: Arrays) -> Kind:
    """A struct that owns copies of arrays, which may be read-only."""
    return kind(**{name: array.copy() for name, array in arrays.items()})


def packed_of(arrays: Arrays) -> Packed:
    """The problem from its arrays."""
    return struct_of(Packed, arrays)


def state_of(arrays: Arrays) -> State:
    """A plan from its arrays."""
    return struct_of(State, arrays)


def sent(best: Best) -> Arrays:
    """What of a best plan is worth sending."""
    return {name: array for name, array in arrays_of(best).items() if name not in _REBUILT}


def received(arrays: Arrays) -> Best:
    """A best plan from what was sent of it."""
    tasks = len(arrays["start"])
    empty: Arrays = {
        "changed": np.zeros(tasks + 1, np.int64),
        "marked": np.zeros(tasks + 1, np.int8),
        "count": np.zeros(1, np.int64),
    }
    return struct_of(Best, arrays | empty)


def key_of(packed: Packed) -> str:
    """A hash of the problem: equal problems are packed once per worker."""
    digest = hashlib.sha256()
    for name, array in arrays_of(packed).items():
        digest.update(f"{name}{array.shape}{array.dtype}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
