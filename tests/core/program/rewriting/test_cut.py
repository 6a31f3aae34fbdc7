"""A program up to the statement that raised: loops whole or not at all, main guards and called functions opened."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.program.rewriting.cut import until_raised

STEADY = settings(deadline=None, derandomize=True)
MAIN = """def main():
    train()
    plot()
    print(1)


if __name__ == '__main__':
    print(0)
    main()
print(2)
"""


def test_the_statement_that_raised_and_all_after_it_are_gone() -> None:
    assert until_raised("a = 1\nb = 2\nc = 1 / 0\nd = 4\n", [3]) == "a = 1\nb = 2\n\n"


def test_a_loop_in_which_it_raised_is_gone_as_a_whole() -> None:
    assert until_raised("w = 1\nfor i in range(100):\n    w += 1\n    assert i < 30\nprint(w)\n", [4]) == "w = 1\n\n"


def test_of_two_statements_on_a_line_all_from_there_on_are_gone() -> None:
    # Which of them raised, the line does not tell.
    assert until_raised("a = 1\nb = 2; c = 1 / 0\n", [2]) == "a = 1\n\n"


def test_a_main_guard_and_the_function_that_it_calls_are_opened() -> None:
    cut = until_raised(MAIN, [9, 3])
    assert cut == "def main():\n    train()\n    return\n\n\nif __name__ == '__main__':\n    print(0)\n    main()\n"


def test_in_a_main_guard_what_was_before_stays() -> None:
    cut = until_raised("if __name__ == '__main__':\n    train()\n    plot()\n    print(1)\nprint(2)\n", [3])
    assert cut == "if __name__ == '__main__':\n    train()\n    pass\n"


def test_a_function_that_is_called_twice_is_not_opened() -> None:
    source = "w = 0\ndef step():\n    move()\n    check()\nstep()\nstep()\n"
    assert until_raised(source, [6, 4]) == "w = 0\ndef step():\n    move()\n    check()\nstep()\n\n"


def test_a_decorated_function_is_gone_with_its_decorators() -> None:
    assert until_raised("a = 1\n@wrong\ndef f():\n    pass\n", [2]) == "a = 1\n\n"


def test_letters_of_several_bytes_are_no_obstacle() -> None:
    assert until_raised("a = 'oʻzgaruvchi ŷ'; b = 'ŷ'\nx = 1 / 0\n", [2]) == "a = 'oʻzgaruvchi ŷ'; b = 'ŷ'\n\n"


@pytest.mark.parametrize(("source", "way"), [("1 / 0\n", [1]), ("a = 1\n", [7]), ("a = 1\n", []), ("a = (\n", [1])])
def test_where_nothing_is_before_it_there_is_no_such_program(source: str, way: list[int]) -> None:
    assert until_raised(source, way) is None


@STEADY
@given(st.lists(st.integers(0, 20), max_size=8))
def test_whatever_a_process_says_of_its_way_the_rest_is_a_program_that_python_reads(way: list[int]) -> None:
    cut = until_raised(MAIN, way)
    assert cut is None or ast.parse(cut)
