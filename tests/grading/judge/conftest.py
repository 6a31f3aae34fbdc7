"""A box for the tests of a file: its children import nothing but torch, and nothing holds them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["torch"])
    yield box
    box.close()
