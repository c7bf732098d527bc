"""The one decorator of the kernel: compiled, without the GIL, cached on disk under a key of all kernel sources.

Numba's own cache notices a change of the file that holds a function, not of the functions it calls; the key in the
folder's name makes every change of the kernel a new cache.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import config, njit, types

SOURCES = Path(__file__).parent


def _cache_folder() -> Path:
    key = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SOURCES.glob("*.py")))).hexdigest()[:16]
    root = os.environ.get("TIDYPLAN_KERNEL_CACHE")
    base = Path(root) if root else SOURCES / "__pycache__"
    if not os.access(base if base.exists() else base.parent, os.W_OK):
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tidyplan"
    return base / f"kernel-{key}"


CACHE_FOLDER = _cache_folder()
config.CACHE_DIR = str(CACHE_FOLDER)

_compile = njit(
    cache=True, nogil=True, error_model="numpy", _nrt=False
)  # nothing in the kernel allocates: no reference counts


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a function of the kernel, once for all values of a constant argument."""
    dispatcher = _compile(function)
    resolve = dispatcher.get_call_template

    def general(arguments: tuple[types.Type, ...], keywords: dict[str, types.Type]) -> Any:
        return resolve(tuple(map(types.unliteral, arguments)), keywords)

    dispatcher.get_call_template = general
    return dispatcher
