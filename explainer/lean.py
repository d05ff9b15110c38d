"""What must be said before torch is imported: one thread for arithmetic, no compiler, few heaps."""

import contextlib
import ctypes
import os
import sys
from types import ModuleType

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # the names of glibc's malloc.h


def before_torch() -> None:
    """Set one OpenMP thread, leave out torch's compiler, and let threads share their heaps.

    torch.optim imports the compiler at its first step, to tell it not to look: two seconds and 70 MB for
    something that is never used here. A module that answers what the optimisers ask of it stands in.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("MKL_NUM_THREADS", "1")
    if "torch" not in sys.modules:
        no_compiler = ModuleType("torch._dynamo")
        no_compiler.graph_break = lambda: None
        no_compiler.disable = lambda function, *_, **__: function
        sys.modules["torch._dynamo"] = no_compiler
    # glibc gives every thread a heap of its own, and Streamlit every visitor a thread: 30 MB for one visitor
    # who has seen all pages. Elsewhere there is nothing to set.
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)
        ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, 2**20)


def keep_memory() -> None:
    """Give back to the system only what is larger than 4 MB: the next step of a run wants the same again.

    Otherwise every tensor of more than 128 kB is a new piece of memory that the system fills with zeros, a
    third of the time of Levenberg-Marquardt on eight networks.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, 2**21)
        ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, 2**25)


def give_memory_back() -> None:
    """Give back to the system what is free: after a run some 20 MB, after the warm-up more."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
