"""Data under another name are found by their numbers."""

from __future__ import annotations

import pytest

from grader.core.program.features.renamed import named_otherwise
from grader.core.program.source import Source


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("x_data = [1.0, 2.0, 3.0]\n", "x_data"),
        ("x = [1, 2, 3]\n", "x"),
        ("x = torch.tensor([[1.0], [2.0], [3.0]])\n", "x"),
        ("x = np.array([1.0, 2.0, 3.0])\ny = [2.0, 4.0, 6.0]\n", "x"),
        ("a = [1.0, 2.0, 3.0]\nb = [1.0, 2.0, 3.0]\n", None),
        ("a = [1.0, 2.0]\n", None),
        ("a = [--1.0, 2.0, 3.0]\nb = [-1.0, 2.0, 3.0]\n", "a"),
        pytest.param(f"a = [1.0, 2.0, {'-' * 2000}3.0]\n", "a", id="signs"),
        ("a = [1.0, b, 3.0]\n", None),
        ("a = list(range(1, 4))\n", None),
        ("def f():\n    a = [1.0, 2.0, 3.0]\n", None),
        ("a = ", None),
        ("", None),
    ],
)
def test_the_only_list_with_just_these_numbers_is_named(text: str, name: str | None) -> None:
    assert named_otherwise(Source(text, "4.5.py"), (1.0, 2.0, 3.0)) == name


def test_one_number_tells_nothing() -> None:
    assert named_otherwise(Source("a = [1.0]\n", "4.5.py"), (1.0,)) is None
