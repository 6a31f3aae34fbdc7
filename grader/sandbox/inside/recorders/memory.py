"""Counts how much memory a call holds at once: its tensors, and all that Python and NumPy allocate."""

from __future__ import annotations

import builtins
import gc
import sys
import tracemalloc
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grader.sandbox.inside.program.values import is_tensor


class Held:
    """What is alive of what a call has made, and the most that ever was, in bytes.

    A storage counts from the operation that hands it out until nothing refers to it, however many tensors look at it;
    one that was there before counts for what it grows by. Python's side is tracemalloc's, which NumPy reports to. What
    allocates past both is not seen: mmap, another library's C, buffers inside a single operation, other threads'
    tensors.

    Attributes:
        most: bytes, above what there was in the beginning.
    """

    def __init__(self) -> None:
        self.most = 0
        self._tensors = 0
        self._python = 0
        self._storages: dict[int, _Storage] = {}
        self._over = False

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count from here on; what was garbage before is none of it."""
        gc.collect()
        ours = not tracemalloc.is_tracing()
        tracemalloc.start()
        tracemalloc.reset_peak()
        self._python = tracemalloc.get_traced_memory()[0]
        try:
            with self._imports_aside():
                yield
            self._look()
        finally:
            self._over = True
            if ours:
                tracemalloc.stop()

    def met(self, things: object, fresh: bool = False) -> None:
        """Take note of tensors that an operation is handed; `fresh` where they were made without one."""
        for thing in _tensors_in(things, 3):
            storage = _storage_of(thing)
            if storage is None:
                continue
            # One that cannot grow lies in memory of Python's, which is counted there.
            before = 0 if fresh and storage.resizable() else storage.nbytes()
            self._counted(storage, before)

    def made(self, things: object) -> None:
        """Take note of tensors that an operation gave."""
        for thing in _tensors_in(things, 3):
            storage = _storage_of(thing)
            if storage is not None:
                self._counted(storage, 0)

    def _counted(self, storage: Any, before: int) -> None:
        """Count a storage for what it is now; one that is new was of `before` bytes before the call."""
        known = self._storages.get(id(storage)) or self._begun(storage, before)
        self._become(known, max(storage.nbytes() - known.before, 0))

    def _begun(self, storage: Any, before: int) -> _Storage:
        own = id(storage)

        def gone(_: object) -> None:
            ended = self._storages.pop(own, None)
            if ended is not None and not self._over:
                self._become(ended, 0)

        begun = self._storages[own] = _Storage(weakref.ref(storage, gone), before)
        return begun

    def _become(self, storage: _Storage, size: int) -> None:
        if size != storage.counted:
            # Until now there was what there was; the two sides are at their most at different moments.
            self._look()
            self._tensors += size - storage.counted
            storage.counted = size

    def _look(self) -> None:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        self.most = max(self.most, self._tensors + max(peak - self._python, 0))

    @contextmanager
    def _imports_aside(self) -> Iterator[None]:
        """Leave out what the first import of a module takes: it is code, and who imports first is chance."""
        plain = builtins.__import__
        inside = False

        def importing(name: str, *args: Any, **kwargs: Any) -> Any:
            nonlocal inside
            if inside or name in sys.modules:
                return plain(name, *args, **kwargs)
            inside = True
            self._look()
            before = tracemalloc.get_traced_memory()[0]
            try:
                return plain(name, *args, **kwargs)
            finally:
                inside = False
                self._python += tracemalloc.get_traced_memory()[0] - before
                tracemalloc.reset_peak()

        builtins.__import__ = importing
        try:
            yield
        finally:
            builtins.__import__ = plain


class _Storage:
    """A storage that is alive: what it was `before` the call, and what it is `counted` for. Bytes."""

    def __init__(self, kept: weakref.ref[Any], before: int) -> None:
        self.kept = kept
        self.before = before
        self.counted = 0


def _storage_of(tensor: Any) -> Any:
    """Return the storage of a tensor; None where it has none, or one without memory."""
    if tensor.device.type == "meta":
        return None
    try:
        return tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        # A sparse tensor is made of others.
        return None


def _tensors_in(things: object, deep: int) -> Iterator[Any]:
    if is_tensor(things):
        yield things
    elif isinstance(things, list | tuple) and deep:
        for each in things:
            yield from _tensors_in(each, deep - 1)
    elif isinstance(things, dict) and deep:
        yield from _tensors_in(list(things.values()), deep - 1)
