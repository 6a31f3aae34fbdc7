"""Here boxes themselves are tested: each starts from nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from repository import EVERYTHING

_SPAWNING = ("spawn", "spawn-pipes")


@pytest.fixture(scope="module", autouse=True)
def _cold() -> Iterator[None]:
    if sys.platform != "linux":
        yield
        return
    from warm_boxes import cold

    with cold():
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put each behaviour to one of the two boxes that start an interpreter for each job; to both in make test-all."""
    if EVERYTHING or sys.platform != "linux":
        return
    of_boxes = [item for item in items if item.path.name == "test_box.py"]
    functions = list(dict.fromkeys(map(_function, of_boxes)))
    left_out = [item for item in of_boxes if _box_of(item) == _SPAWNING[functions.index(_function(item)) % 2]]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _box_of(item: pytest.Item) -> str:
    """Return the id of the box that a test is put to; empty where it is put to none."""
    parts = item.callspec.id if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ""
    return next((name for name in reversed(_SPAWNING) if parts == name or parts.startswith(f"{name}-")), "")


def _function(item: pytest.Item) -> str:
    return item.originalname if isinstance(item, pytest.Function) else item.name
