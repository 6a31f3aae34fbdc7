"""However a program fills the given names, hidden numbers stand in them when they are first used."""

from __future__ import annotations

import sys
from textwrap import dedent
from typing import Any

import pytest

from grader.sandbox.inside.program.program import Program

HOURS, GRADES = [0.5, 2.25, 1.75], [1.0, 4.5, 3.5]
# Reads the names as a training does.
TRAINING = "\nseen = []\nfor epoch in range(2):\n    for x, y in zip(x_soat, y_baho):\n        seen.append((x, y))\n"
GRADES_WRITTEN = "y_baho = [2.0, 4.0, 6.0]\n"


@pytest.fixture(autouse=True)
def _own_main(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def given(name: str, numbers: list[float]) -> dict[str, Any]:
    return {"name": name, "numbers": numbers, "shape": [len(numbers)], "parameter": False, "optional": False}


def run(source: str, filename: str = "submission.py") -> Program:
    """Run a whole program with the hidden numbers."""
    program = Program({"source": dedent(source), "filename": filename})
    program.run_script({"x_soat": given("x_soat", HOURS), "y_baho": given("y_baho", GRADES)})
    return program


def pairs(program: Program) -> list[tuple[float, float]]:
    """Return the pairs of the first epoch, and see to it that the second had the same."""
    seen = [(float(x), float(y)) for x, y in program.names["seen"]]
    half = len(seen) // 2
    assert seen[:half] == seen[half:]
    return seen[:half]


HIDDEN = list(zip(HOURS, GRADES, strict=True))

FILLED = {
    "append in a loop": """
        x_soat = []
        y_baho = []
        for hours in (1.0, 2.0, 3.0):
            x_soat.append(hours)
            y_baho.append(2 * hours)
        """,
    "append line by line": """
        x_soat = []
        x_soat.append(1.0)
        x_soat.append(2.0)
        x_soat.append(3.0)
        """,
    "append of one more than there was": """
        x_soat = [1.0]
        while x_soat[-1] < 3.0:
            x_soat.append(x_soat[-1] + 1.0)
        """,
    "append until there are enough": """
        x_soat = []
        while len(x_soat) < 3:
            x_soat.append(float(len(x_soat) + 1))
        """,
    "append in a comprehension": "x_soat = []\n[x_soat.append(float(part)) for part in '1 2 3'.split()]\n",
    "extend": "x_soat = []\nx_soat.extend([1.0, 2.0, 3.0])\n",
    "insert": "x_soat = [3.0]\nx_soat.insert(0, 2.0)\nx_soat.insert(0, 1.0)\n",
    "a longer list in place": "x_soat = []\nx_soat += [1.0, 2.0]\nx_soat += [3.0]\n",
    "a longer list made anew": "x_soat = []\nfor hours in (1.0, 2.0, 3.0):\n    x_soat = x_soat + [hours]\n",
    "items of a list": "x_soat = [0] * 3\nx_soat[0] = 1.0\nx_soat[1] = 2.0\nx_soat[2] = 3.0\n",
    "items of a list of None": "x_soat = [None] * 3\nfor i in range(3):\n    x_soat[i] = i + 1.0\n",
    "each item from the one before": """
        x_soat = [1.0, 0.0, 0.0]
        for i in range(1, 3):
            x_soat[i] = x_soat[i - 1] + 1.0
        """,
    "all items at once": "x_soat = [0.0, 0.0, 0.0]\nx_soat[:] = [1.0, 2.0, 3.0]\n",
    "the grades from the hours, by index": """
        x_soat = [1.0, 2.0, 3.0]
        y_baho = [0.0] * len(x_soat)
        for i in range(len(x_soat)):
            y_baho[i] = 2 * x_soat[i]
        """,
    "a comprehension": "x_soat = [float(i) for i in range(1, 4)]\ny_baho = [2 * hours for hours in x_soat]\n",
    "words": "x_soat = '1 2 3'.split()\nx_soat = list(map(float, x_soat))\n",
    "text in the name itself": "x_soat = '1 2 3'\nx_soat = [float(part) for part in x_soat.split()]\n",
    "JSON": "import json\nx_soat = '[1, 2, 3]'\nx_soat = json.loads(x_soat)\n",
    "a range": "x_soat = range(1, 4)\n",
    "an iterator made into a list": "x_soat = map(float, '1 2 3'.split())\nx_soat = list(x_soat)\n",
    "a placeholder of None": "x_soat = None\ny_baho = None\nx_soat = [1.0, 2.0, 3.0]\ny_baho = [2.0, 4.0, 6.0]\n",
    "a placeholder of dots": "x_soat = ...\nx_soat = [1.0, 2.0, 3.0]\n",
    "a name that was deleted": "x_soat = [5.0]\ndel x_soat\nx_soat = []\nx_soat.append(1.0)\n",
    "a main guard": """
        if __name__ == "__main__":
            x_soat = []
            for hours in (1.0, 2.0, 3.0):
                x_soat.append(hours)
        """,
    "a function": """
        x_soat = None

        def load():
            global x_soat, y_baho
            x_soat = [1.0, 2.0, 3.0]
            y_baho = []
            for hours in x_soat:
                y_baho.append(2 * hours)

        load()
        """,
    "a function that fills the list": """
        x_soat = []

        def load():
            for hours in (1.0, 2.0, 3.0):
                x_soat.append(hours)

        load()
        """,
    "a function that fills what it is given": """
        def fill(numbers, first):
            for i in range(3):
                numbers.append(first * (i + 1))

        x_soat, y_baho = [], []
        fill(x_soat, 1.0)
        fill(y_baho, 2.0)
        """,
    "globals()": "globals()['x_soat'] = [1.0, 2.0, 3.0]\n",
    "both at once": "x_soat, y_baho = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]\n",
    "both from a table": """
        x_soat, y_baho = [], []
        for x, y in [(1, 2), (2, 4)]:
            x_soat.append(x)
            y_baho.append(y)
        """,
    "one list for two names": "x_soat = y_baho = [0.0] * 3\nx_soat[0] = 1.0\n",
    "another name, filled later": "x_soat = []\nhours = x_soat\nfor i in range(3):\n    hours.append(i + 1.0)\n",
    "a dictionary of lists": """
        data = {'x': [], 'y': []}
        for i in range(3):
            data['x'].append(i)
        x_soat = data['x']
        """,
    "a dictionary that holds the list": """
        x_soat = []
        data = {'x': x_soat}
        for i in range(3):
            data['x'].append(i)
        """,
    "a with block": """
        import io
        with io.StringIO("1 2 3") as file:
            x_soat = []
            for part in file.read().split():
                x_soat.append(float(part))
        """,
    "a try": "try:\n    x_soat = []\n    for i in range(9):\n        x_soat.append(i / (3 - i))\n"
    "except ZeroDivisionError:\n    pass\n",
    "a loop over the epochs around it": """
        for attempt in range(2):
            x_soat = []
            for i in range(3):
                x_soat.append(i + 1.0)
            for hours in x_soat:
                assert hours in (0.5, 2.25, 1.75)
        """,
    "an array of zeros": "import numpy as np\nx_soat = np.zeros(3)\nfor i in range(3):\n    x_soat[i] = i + 1\n",
    "an empty array": "import numpy as np\nx_soat = np.empty(3)\nx_soat[:] = [1, 2, 3]\n",
    "an array that grows": """
        import numpy as np
        x_soat = np.array([])
        for i in range(3):
            x_soat = np.append(x_soat, i)
        """,
    "a tensor of zeros": "import torch\nx_soat = torch.zeros(3)\nfor i in range(3):\n    x_soat[i] = i + 1.0\n",
    "tensors joined": "import torch\nx_soat = torch.tensor([1.0])\nfor i in (2, 3):\n"
    "    x_soat = torch.cat([x_soat, torch.tensor([float(i)])])\n",
    "tensors stacked": """
        import torch
        x_soat = torch.stack([torch.tensor(1.0), torch.tensor(2.0), torch.tensor(3.0)])
        """,
    "columns of a tensor": "import torch\ndata = torch.tensor([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])\n"
    "x_soat, y_baho = data[:, 0], data[:, 1]\n",
    "parts of one sequence": "import torch\nnumbers = torch.arange(4.0)\nx_soat, y_baho = numbers[:-1], numbers[1:]\n",
    "a tensor that is written to": "import torch\nx_soat = torch.zeros(3)\nx_soat += torch.tensor([1.0, 2.0, 3.0])\n",
    "whole numbers": "import torch\nx_soat = [1, 2, 3]\nx_soat = torch.tensor(x_soat, dtype=torch.int64)\n",
}


@pytest.mark.parametrize("filling", FILLED.values(), ids=FILLED)
def test_hidden_numbers_stand_in_names_however_they_were_filled(filling: str) -> None:
    program = run(GRADES_WRITTEN + dedent(filling) + TRAINING)
    assert pairs(program) == HIDDEN
    assert not program.rebinding.odd


@pytest.mark.parametrize(
    ("before", "over"),
    [
        ("pairs = zip(x_soat, y_baho)", "pairs"),
        ("data = {'x': x_soat, 'y': y_baho}", "zip(data['x'], data['y'])"),
        ("xs, ys = x_soat, y_baho", "zip(xs, ys)"),
        ("numbered = enumerate(x_soat)", "((x, y_baho[i]) for i, x in numbered)"),
    ],
)
def test_what_was_made_of_the_lists_before_they_were_filled_holds_the_hidden_numbers_too(
    before: str, over: str
) -> None:
    filling = "for i in range(3):\n    x_soat.append(i + 1.0)\n    y_baho.append(2 * i + 2.0)\n"
    program = run(f"x_soat, y_baho = [], []\n{before}\n{filling}seen = [(x, y) for x, y in {over}]\n")
    assert program.names["seen"] == HIDDEN


def test_the_table_that_the_names_were_taken_from_holds_the_hidden_numbers_too() -> None:
    program = run("""
        data = {"x": [1.0, 2.0, 3.0], "y": [2.0, 4.0, 6.0]}
        x_soat, y_baho = data["x"], data["y"]
        seen = list(zip(data["x"], data["y"]))
        """)
    assert program.names["seen"] == HIDDEN


def test_a_cell_that_binds_a_name_again_finds_hidden_numbers() -> None:
    cells = ["x_soat = []\nx_soat.append(9.0)\n", "x_soat = []\nfor i in range(3):\n    x_soat.append(i)\n"]
    assert pairs(run(GRADES_WRITTEN + "".join(cells) + TRAINING, "submission.ipynb")) == HIDDEN


def test_data_of_another_length_become_as_many_as_the_hidden_numbers() -> None:
    filling = "x_soat, y_baho = [], []\nfor i in range(5):\n    x_soat.append(i)\n    y_baho.append(2 * x_soat[i])\n"
    assert pairs(run(filling + TRAINING)) == HIDDEN


def test_what_a_training_makes_of_the_numbers_stands() -> None:
    program = run("""
        x_soat, y_baho = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
        for step in range(3):
            x_soat.append(x_soat.pop(0))
            first = x_soat[0]
        x_soat.reverse()
        """)
    assert program.names["first"] == HOURS[0]
    assert program.names["x_soat"] == HOURS[::-1]


def test_items_that_are_changed_stay_changed() -> None:
    program = run("""
        x_soat, y_baho = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
        for i in range(3):
            x_soat[i] = x_soat[i] / 2
            y_baho[i] *= 2
        """)
    assert program.names["x_soat"] == [number / 2 for number in HOURS]
    assert program.names["y_baho"] == [number * 2 for number in GRADES]


TENTH = [(number / 10, grade) for number, grade in HIDDEN]
MADE_OF_THEM = {
    "an array, divided": "import numpy as np\nx_soat = np.array([1.0, 2.0, 3.0])\nx_soat = x_soat / 10\n",
    "an array, divided in place": "import numpy as np\nx_soat = np.array([1.0, 2.0, 3.0])\nx_soat /= 10\n",
    "a tensor, divided": "import torch\nx_soat = torch.tensor([1.0, 2.0, 3.0])\nx_soat = x_soat / 10\n",
    "a tensor of the list, divided": "import torch\nx_soat = torch.tensor(x_soat) / 10\n",
    "a comprehension": "x_soat = [hours / 10 for hours in x_soat]\n",
    "a comprehension by index": "x_soat = [x_soat[i] / 10 for i in range(len(x_soat))]\n",
    "map": "x_soat = list(map(lambda hours: hours / 10, x_soat))\n",
    "divided, then made a column": "import torch\nx_soat = torch.tensor(x_soat) / 10\n"
    "x_soat = x_soat.reshape((3, 1))\n",
    "both at once": "x_soat, y_baho = [hours / 10 for hours in x_soat], [grade for grade in y_baho]\n",
    "in a main guard": "if __name__ == '__main__':\n    x_soat = [hours / 10 for hours in x_soat]\n",
    "in a function": "def scale():\n    global x_soat\n    x_soat = [hours / 10 for hours in x_soat]\nscale()\n",
    "in a second cell, behind appends": "x_soat = []\nfor i in range(3):\n    x_soat.append(i)\n"
    "x_soat = [hours / 10 for hours in x_soat]\n",
    "in a loop": "import torch\nx_soat = torch.tensor(x_soat)\nfor part in (2, 5):\n    x_soat = x_soat / part\n",
    "with an annotation": "x_soat: list = [hours / 10 for hours in x_soat]\n",
    "of appended numbers, in two steps": "x_soat = []\nx_soat.append(1.0)\nx_soat.append(2.0)\nx_soat.append(3.0)\n"
    "x_soat = [hours / 5 for hours in x_soat]\nx_soat = [hours / 2 for hours in x_soat]\n",
}


@pytest.mark.parametrize("making", MADE_OF_THEM.values(), ids=MADE_OF_THEM)
def test_what_a_program_makes_of_a_name_and_binds_to_it_stands(making: str) -> None:
    program = run(f"x_soat = [1.0, 2.0, 3.0]\n{GRADES_WRITTEN}{making}{TRAINING}")
    assert [pytest.approx(pair) for pair in pairs(program)] == TENTH
    assert not program.rebinding.odd


def test_data_that_were_swapped_stay_swapped() -> None:
    program = run(f"x_soat = [1.0, 2.0, 3.0]\n{GRADES_WRITTEN}x_soat, y_baho = y_baho, x_soat\n{TRAINING}")
    assert pairs(program) == [(grade, number) for number, grade in HIDDEN]


@pytest.mark.parametrize(
    "filling",
    [
        "x_soat = [1.0, 2.0, 3.0, 4.0, 5.0]\ny_baho = [0.0] * 5\nfor i in range(5):\n    y_baho[i] = 2 * x_soat[i]\n",
        "x_soat = [1.0, 2.0, 3.0, 4.0, 5.0]\ny_baho = []\nfor i in range(5):\n    y_baho.append(2 * x_soat[i])\n",
        "x_soat = [1.0, 2.0, 3.0, 4.0, 5.0]\ny_baho = [2 * x_soat[i] for i in range(5)]\n",
        "import torch\nx_soat = torch.arange(1.0, 6.0)\ny_baho = torch.zeros(5)\n"
        "for i in range(5):\n    y_baho[i] = 2 * x_soat[i]\n",
        "import numpy as np\nx_soat = np.arange(1.0, 6.0)\ny_baho = [2 * x_soat[i] for i in range(5)]\n",
        "def load():\n    global x_soat, y_baho\n    x_soat = [1.0, 2.0, 3.0, 4.0]\n    y_baho = []\n"
        "    for i in range(4):\n        y_baho.append(2 * x_soat[i])\nload()\n",
    ],
)
def test_longer_data_of_which_other_data_are_made_by_index_are_as_long_as_the_program_made_them(filling: str) -> None:
    program = run(filling + TRAINING)
    assert pairs(program) == HIDDEN


def test_names_to_which_more_numbers_were_written_are_known() -> None:
    source = "x_soat = [1.0, 2.0, 3.0, 4.0, 5.0]\ny_baho = [2.0, 4.0, 6.0]\nfor i in range(5):\n    x_soat[i]\n"
    program = Program({"source": source, "filename": "submission.py"})
    with pytest.raises(IndexError):
        program.run_script({"x_soat": given("x_soat", HOURS), "y_baho": given("y_baho", GRADES)})
    assert program.rebinding.longer == {"x_soat": 5}


def test_a_list_of_a_functions_own_keeps_what_the_function_writes() -> None:
    program = run("""
        x_soat, y_baho = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]

        def halved(numbers):
            x_soat = []
            for number in numbers:
                x_soat.append(number / 2)
            return x_soat

        half = halved(x_soat)
        """)
    assert program.names["half"] == [number / 2 for number in HOURS]
    assert program.names["x_soat"] == HOURS


def test_what_a_program_asserts_of_its_own_numbers_is_not_asked_of_the_hidden_ones() -> None:
    program = run(f"""
        x_soat, y_baho = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
        assert x_soat[0] == 1.0 and len(x_soat) == 3
        {TRAINING.strip().replace(chr(10), chr(10) + " " * 8)}
        assert sum(x_soat) == 6.0, "the data"
        """)
    assert pairs(program) == HIDDEN


def test_an_assert_in_a_function_is_the_programs_own() -> None:
    with pytest.raises(AssertionError):
        run("def check(n):\n    assert n > 5\nx_soat, y_baho = [1.0], [2.0]\ncheck(x_soat[0])\n")


def test_a_name_that_holds_no_numbers_in_the_end_is_told_with_its_type() -> None:
    assert run("x_soat = None\ny_baho = [1.0]\nx_soat = '1 2 3'\n").rebinding.odd == {"x_soat": "str"}


def test_an_error_keeps_its_line_where_lists_are_filled() -> None:
    source = "x_soat = []\nfor i in range(3):\n    x_soat.append(i)\ny_baho = [1.0]\ny_baho[7] = 2\n"
    with pytest.raises(IndexError) as caught:
        run(source)
    assert Program({"source": source, "filename": "submission.py"}).raised(caught.value)["line"] == 5


def test_a_text_that_is_nested_too_deeply_to_be_read_runs_as_it_is() -> None:
    branches = "".join(f"elif x_soat == {i}:\n    x_soat.append({i})\n" for i in range(600))
    program = run(f"x_soat, y_baho = [1.0, 2.0, 3.0], [2.0]\nif x_soat == []:\n    pass\n{branches}{TRAINING}")
    assert pairs(program) == HIDDEN


def test_a_long_chain_of_names_is_followed_to_its_end() -> None:
    chain = "def chained():\n" + "".join(f"    a{i} = a{i + 1}\n" for i in range(300)) + "    a300 = x_soat\n"
    program = run(f"x_soat, y_baho = [], [2.0]\n{chain}a0 = x_soat\na0.append(1.0)\n{TRAINING}")
    assert pairs(program) == HIDDEN


def test_a_name_that_some_function_calls_global_holds_the_hidden_numbers() -> None:
    source = "x_soat = [1.0, 2.0, 3.0]\nw = 1.0\n"
    source += "def train():\n    global x_soat, w\n    w = w + 1\n    return list(x_soat)\nseen = train()\nw = w + 1\n"
    program = Program({"source": source, "filename": "submission.py"})
    w = {**given("w", [1.5]), "shape": [], "parameter": True}
    program.run_script({"x_soat": given("x_soat", HOURS), "w": w})
    assert (program.names["seen"], program.names["w"]) == (HOURS, 3.5)


def test_a_parameter_that_is_bound_after_a_placeholder_starts_where_it_is_told_to() -> None:
    program = Program({"source": "w = None\nw = 1.0\nw = w + 1\n", "filename": "submission.py"})
    program.run_script({"w": {**given("w", [1.5]), "shape": [], "parameter": True}})
    assert program.names["w"] == 2.5
    assert not program.rebinding.odd
