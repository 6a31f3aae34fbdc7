"""%load_ext grader: a real kernel shows reports below its cells, and a real shell knows which cells count."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import HOSTILE, Parsed
from grading import DEFINITIONS, DEMO, SECRET
from harvesting import BY_HAND, Harvest, passed_for_a_mark
from repository import ROOT, copy_course
from test_feedback_page import CURVES, GRAPH, judgement

from grader.actions.student.judgement import Judgement
from grader.integrations.pages.feedback_page import feedback_in_cell
from grader.store.machine.catalogues import translation

IPython = pytest.importorskip("IPython")
nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")

LOOP = DEMO["right"].removeprefix(DEFINITIONS)
DATA, FUNCTIONS = (part.strip() for part in DEFINITIONS.split("def forward", 1))
FUNCTIONS = f"def forward{FUNCTIONS}"
CELLS = [
    "%load_ext grader",
    DATA,
    "forwrd(",
    FUNCTIONS,
    f"%%check 4.5\n{LOOP}",
    "epoch",
    "%%check 4.1\ndloss_dw = 8",
    "%%check 4.2\ndL_dx=15\ndL_dy= 10",
    "%check 4.1 -8",
    "%check 4.1 --answer dloss_dw=-8",
    "%check 4.1 --lang fr",
    "%check",
    "%check 9.9",
]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_course(tmp_path_factory.mktemp("jupyter") / "course")


@pytest.fixture(scope="module")
def outputs(course: Path) -> dict[str, list[Any]]:
    """What a kernel showed below each cell."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANG", "en_US.UTF-8")
        patch.setenv("JPY_SESSION_NAME", str(course / "lesson.ipynb"))
        client = nbclient.NotebookClient(
            notebook, timeout=300, allow_errors=True, resources={"metadata": {"path": str(course)}}
        )
        client.execute()
    return {cell.source: cell.outputs for cell in notebook.cells}


def shown(outputs: dict[str, list[Any]], start: str) -> dict[str, str]:
    """Return what the cell that starts so shows as its last output."""
    data: dict[str, str] = next(found for cell, found in outputs.items() if cell.startswith(start))[-1]["data"]
    return data


class TestInARealKernel:
    def test_a_cell_is_judged_with_those_before_it_and_one_that_failed_is_none(
        self, outputs: dict[str, list[Any]]
    ) -> None:
        lines = shown(outputs, "%%check 4.5")["text/plain"].splitlines()
        assert lines[1:3] == ["  forward  2/2  right", "  loss  2/2  right"]
        assert lines[-1] == "Score: 8 of 8"

    def test_it_has_run_so_that_the_next_cell_knows_its_names(self, outputs: dict[str, list[Any]]) -> None:
        assert shown(outputs, "epoch")["text/plain"] == "9"

    def test_the_report_is_html_of_its_own(self, outputs: dict[str, list[Any]]) -> None:
        parsed = Parsed(shown(outputs, "%%check 4.5")["text/html"])
        assert "Score: 8 of 8" in parsed.text and "svg" in {tag for tag, _ in parsed.elements}

    def test_stated_values_stand_in_the_cell_and_their_graph_below_it(self, outputs: dict[str, list[Any]]) -> None:
        data = shown(outputs, "%%check 4.1")
        assert "8 is not ∂loss/∂w" in data["text/plain"] and "✗ 8" in data["text/html"]
        assert shown(outputs, "%%check 4.2")["text/plain"].endswith("Score: 2 of 2")
        assert shown(outputs, "%check 4.1 -8")["text/plain"].endswith("Score: 1 of 1")
        assert shown(outputs, "%check 4.1 --answer dloss_dw=-8")["text/plain"].endswith("Score: 1 of 1")

    def test_mistakes_in_the_line_are_told_in_a_sentence(self, outputs: dict[str, list[Any]]) -> None:
        told = {
            cell: found[-1]["text"]
            for cell, found in outputs.items()
            if cell.startswith("%check") and "text" in found[-1]
        }
        assert told["%check"] == "say which exercise, for example %check 4.5\n"
        assert told["%check 4.1 --lang fr"] == "fr is not available; choose from: uz, en\n"
        assert told["%check 9.9"].startswith("there is no exercise 9.9")


@pytest.fixture
def shell(course: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    monkeypatch.chdir(course)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    # The shell puts its own in that place; tests after it would start no process from it.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell(config=config, display_pub_class=CapturingDisplayPublisher)
    yield shell
    atexit.unregister(shell.atexit_operations)
    shell.atexit_operations()


def run(shell: Any, *cells: tuple[str, str]) -> str:
    """Run cells, each under the name that a notebook gives it, and return what the last report says."""
    for name, cell in cells:
        shell.run_cell(cell, store_history=True, cell_id=name)
    return str(shell.display_pub.outputs[-1]["data"]["text/plain"])


class TestWhichCellsCount:
    def test_a_cell_that_ran_again_counts_once_and_as_it_ran_last(self, shell: Any) -> None:
        first = [("a", "%load_ext grader"), ("b", DATA), ("c", "def forward(x):\n    return 0"), ("d", FUNCTIONS)]
        # Among these the training, which would go on where it had ended.
        again = [("e", LOOP), ("e", LOOP), ("c", "def forward(x):\n    return x * w"), ("c", "1 / 0")]
        assert run(shell, *first, *again, ("f", "%check 4.5")).endswith("Score: 8 of 8")

    @pytest.mark.parametrize("failing", ["raise ValueError('a')", "def gradient(x"])
    def test_a_checked_cell_that_failed_costs_no_later_check(self, shell: Any, failing: str) -> None:
        solved = (ROOT / "solutions" / "4.6" / "solution.py").read_text()
        cells = [("a", "%load_ext grader"), ("b", f"%%check 4.6\n{failing}"), ("c", f"%%check 4.6\n{solved}")]
        assert run(shell, *cells).endswith("Score: 6 of 6")
        assert run(shell, ("d", "%check 4.6")).endswith("Score: 6 of 6")

    def test_mistakes_in_the_line_are_told_in_the_language_of_the_course(
        self, shell: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("LANG", "C.UTF-8")
        for cell in ("%load_ext grader", "%check"):
            shell.run_cell(cell, store_history=True)
        assert capsys.readouterr().err == "qaysi mashq ekanini ayting, masalan: %check 4.5\n"

    def test_messages_call_a_cell_by_the_number_beside_it(self, shell: Any) -> None:
        cells = [("a", "%load_ext grader"), ("b", DATA), ("c", FUNCTIONS), ("d", "%%check 4.5 --lang uz\nfor x in w")]
        told = run(shell, *cells)
        assert "notebook.ipynb, 4-katak, 2-qator" in told and told.endswith("Ball: 4 (jami 8)")

    def test_cells_before_the_extension_are_told_to_be_run_again(
        self, shell: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        shell.run_cell("1", store_history=True)
        shell.run_cell("%load_ext grader", store_history=True)
        assert "%check does not see cells that ran before this one" in capsys.readouterr().err


def test_what_is_shown_below_a_cell_is_worth_no_mark(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_SECRET", SECRET)
    student = Harvest()
    run(shell, ("a", "%load_ext grader"), ("b", f"%%check 4.6\n{student.program(BY_HAND)}"))
    for output in shell.display_pub.outputs:
        for text in output["data"].values():
            student.read(text)
    assert student.answers and passed_for_a_mark(student.program(BY_HAND)) == set()


def hostile() -> Judgement:
    return judgement(CURVES, HOSTILE, GRAPH, HOSTILE, f"{HOSTILE}.py", line=1)


def test_nothing_in_a_report_below_a_cell_runs_or_is_loaded() -> None:
    parsed = Parsed(feedback_in_cell(hostile(), "r1-", translation("en"), "en"))
    assert {tag for tag, _ in parsed.elements} & {"script", "img", "iframe", "link", "object", "form", "a"} == set()
    assert not [name for _, attributes in parsed.elements for name in attributes if name.startswith("on")]
    assert "alert(1)" in parsed.text


def test_names_in_one_report_are_not_those_of_the_next() -> None:
    names = [
        {*Parsed(feedback_in_cell(hostile(), prefix, translation("en"), "en")).attributes("id")}
        for prefix in ("r1-", "r2-")
    ]
    assert names[0] and not names[0] & names[1]
