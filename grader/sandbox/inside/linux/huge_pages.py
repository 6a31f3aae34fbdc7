"""Moves this process's memory to huge pages: page tables are most of what a fork costs.

The kernel does so by itself only for what asked for it when it was mapped, and Python's arenas do not ask.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

_SIZE = 1 << 21
# Since Linux 6.1, whatever /sys/kernel/mm/transparent_hugepage says; include/uapi/asm-generic/mman-common.h.
_MADV_COLLAPSE = 25


def move_to_huge_pages() -> None:
    """Ask the kernel for huge pages where this process has written; an older one refuses, and forks take longer."""
    madvise = ctypes.CDLL(None).madvise
    for start in _whole_pages():
        madvise(ctypes.c_void_p(start), ctypes.c_size_t(_SIZE), _MADV_COLLAPSE)


def _whole_pages() -> Iterator[int]:
    """Yield where huge pages could lie in private memory that no file stands behind."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, rights, _, _, inode, *name = line.split(maxsplit=5)
        if rights == "rw-p" and inode == "0" and name in ([], ["[heap]"]):
            first, last = (int(end, 16) for end in span.split("-"))
            yield from range(-(-first // _SIZE) * _SIZE, last - _SIZE + 1, _SIZE)
