"""Where only definitions run, what stands beside one in an if, a match, a try or a with costs it nothing."""

from __future__ import annotations

import sys
from textwrap import dedent
from typing import Any

import pytest

from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.statements import definitions_of


@pytest.fixture(autouse=True)
def _own_main(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def loaded(source: str) -> Program:
    program = Program({"source": dedent(source), "filename": "submission.py"})
    program.run_definitions()
    return program


def names_of(source: str) -> dict[str, Any]:
    program = loaded(source)
    assert program.skipped == []
    return {name: value for name, value in program.names.items() if not name.startswith("__")}


def test_a_branch_that_also_prints_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    source = """
        if 1 > 2:
            device = "cuda"
            print("GPU")
        else:
            device = "cpu"
            print("CPU")
        """
    assert names_of(source) == {"device": "cpu"}
    assert capsys.readouterr().out == ""


def test_an_import_is_made_whose_handler_prints_and_raises() -> None:
    source = """
        try:
            import math
        except ImportError:
            print("pip install math")
            raise
        """
    assert list(names_of(source)) == ["math"]


def test_what_a_handler_raises_is_told() -> None:
    source = """
        try:
            import numpyy as np
        except ImportError:
            print("pip install numpyy")
            raise
        """
    (skipped,) = loaded(source).skipped
    assert (skipped["type_name"], skipped["line"]) == ("ModuleNotFoundError", 3)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os\nif True:\n    os.environ['X_OF_A_TEST'] = '1'\n    print(1)\n    x = 5", 5),
        ("import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    x = 5", 5),
        ("import logging\nif True:\n    logging.info('begin')\n    x = 5", 5),
        ("if True:\n    x = 5\n    assert x == 6", 5),
        ("if True:\n    if False:\n        x = 4\n    else:\n        print(1)\n        x = 5", 5),
        ("if True:\n    print(1)\n    def f(): return 5\n    x = f()", 5),
        ("match 3:\n    case 3:\n        print(3)\n        x = 5\n    case _:\n        x = 4", 5),
        ("try:\n    print(1)\n    x = 1 / 0\nexcept ZeroDivisionError:\n    x = 5\nfinally:\n    print(2)", 5),
        ("try:\n    x = 4\nexcept* ValueError:\n    x = 3\nelse:\n    print(1)\n    x = 5", 5),
        ("try:\n    int('no')\n    x = 4\nexcept ValueError:\n    x = 5", 5),
        ("try:\n    if True:\n        raise ValueError\n    x = 4\nexcept ValueError:\n    x = 5", 5),
        ("x = 4\n(x := 5)", 5),
        ("if (x := 5) > 3:\n    print(x)", 5),
        ("with open(__import__('os').devnull) as file:\n    print(file)\n    x = 5", 5),
    ],
)
def test_all_else_beside_a_definition_is_left_out(source: str, expected: int) -> None:
    assert names_of(source)["x"] == expected


@pytest.mark.parametrize(
    "source",
    [
        "if True:\n    while True:\n        pass\n    x = 5",
        "with open(__import__('os').devnull) as file:\n    while True:\n        file.read()\n    x = 5",
        "if True:\n    for i in range(10):\n        i.nothing\n    x = 5",
    ],
)
def test_a_loop_is_left_out_as_at_the_top_level(source: str) -> None:
    assert names_of(source)["x"] == 5


@pytest.mark.parametrize(
    "source",
    [
        "if 1 / 0:\n    print(1)",
        "try:\n    print(1 / 0)\nexcept ValueError:\n    raise",
        "try:\n    print(1 / 0)\nexcept ValueError:\n    pass",
        "if 1 / 0:\n    pass\nelse:\n    print(1)",
        "try:\n    import math\n    1 / 0\nexcept ValueError:\n    pass\ndel math",
    ],
)
def test_what_defines_nothing_is_not_run(source: str) -> None:
    assert set(names_of(source)) <= {"math"}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the statement is of Python 3.12")
def test_a_type_alias_is_a_definition() -> None:
    assert "Vec" in names_of("type Vec = list[float]")


def test_lines_stay_what_they_were() -> None:
    program = loaded("if True:\n    print(1)\n\n    x = 1 / 0\n")
    assert program.skipped[0]["line"] == 4
    assert len(definitions_of("x = 1\n", "submission.py")) == 1


@pytest.mark.parametrize(
    "source",
    [
        # What is tried may be a with of its own, or stand before a name that keeps its value.
        """
        try:
            with open("/") as file:
                file.read()
            device = "cuda"
        except OSError:
            device = "cpu"
        """,
        """
        device = "cpu"
        try:
            open("/nowhere")
            device = "cuda"
        except OSError:
            pass
        """,
        """
        try:
            open("/nowhere")
        except OSError:
            device = "cpu"
        else:
            device = "cuda"
        """,
    ],
)
def test_what_is_tried_decides_what_a_name_is(source: str) -> None:
    assert names_of(source) == {"device": "cpu"}


@pytest.mark.parametrize(
    "source",
    [
        """
        try:
            1 / 0
        except KeyboardInterrupt:
            stopped = True
        """,
        """
        try:
            import math
            1 / 0
        except ImportError:
            raise
        """,
    ],
)
def test_a_call_that_decides_no_name_is_not_made(source: str) -> None:
    assert set(names_of(source)) <= {"math"}
