"""The C library's allocator, told how a training step uses memory."""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD = -1
_M_MMAP_MAX = -4


def keep_freed_memory() -> bool:
    """Let this process reuse the large blocks it frees; False where the C library has no such setting.

    A training step on a CPU allocates and frees the same hundreds of megabytes every time. By default glibc hands
    blocks beyond 32 MB back to the kernel at once, and the end of its heap soon after; getting them back costs one
    page fault for each 4 KB: 100,000 faults and a sixth of the time of a step of `tiny` with a vocabulary of 32,000
    (measured, docs/LOG.md). The peak of memory stays the same; it is only not given back between steps.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except AttributeError:  # musl
        return False
    return bool(set_option(_M_MMAP_MAX, 0)) and bool(set_option(_M_TRIM_THRESHOLD, -1))
