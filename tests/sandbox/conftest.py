"""Here boxes themselves are tested: each starts from nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _cold() -> Iterator[None]:
    if sys.platform != "linux":
        yield
        return
    from warm_boxes import cold

    with cold():
        yield
