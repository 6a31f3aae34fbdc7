"""What was made of small texts is kept for a few of them, and of large ones for one."""

from __future__ import annotations

import weakref

from grader.core.program.kept import kept_for


class Made:
    pass


def test_of_large_texts_one_is_kept_and_of_small_ones_several() -> None:
    @kept_for(3)
    def make(text: str) -> Made:
        return Made()

    small = [make(f"{number}") for number in range(3)]
    assert [make(f"{number}") for number in range(3)] == small
    large = [weakref.ref(make(f"{number}" * 40_000)) for number in range(3)]
    assert [each() is None for each in large] == [True, True, False]
    assert make("2" * 40_000) is large[2]() and make("0") is small[0]
