"""The decorator of this package's compiled functions: without the GIL, cached on disk under a key of all their sources.

Numba's own cache notices a change of the file that holds a function, not of the functions it calls; the key in the
folder's name makes every change here a new cache.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import config, njit

from solver.kernel import chance, struct

SOURCES = Path(__file__).parent


def _cache_folder() -> Path:
    sources = [*sorted(SOURCES.glob("*.py")), Path(struct.__file__), Path(chance.__file__)]
    key = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    root = os.environ.get("TIDYPLAN_KERNEL_CACHE")
    base = Path(root) if root else SOURCES / "__pycache__"
    if not os.access(base if base.exists() else base.parent, os.W_OK):
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tidyplan"
    return base / f"headcount-{key}"


CACHE_FOLDER = _cache_folder()


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function of this package; the folder of its cache is told to numba only meanwhile."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(CACHE_FOLDER)
    try:
        return njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
    finally:
        config.CACHE_DIR = before
