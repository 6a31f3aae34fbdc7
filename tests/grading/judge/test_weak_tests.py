"""An author's tests in usual styles: which ones a program passes that knows nothing, and what is told of it."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from commanding import course
from examined import Lent, write_course
from repository import ROOT

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux can lock a box", allow_module_level=True)

from grader.core.program.source import Source
from grader.grading.judge.answer_key import practice_key
from grader.grading.judge.judge import judge_submission, known_closely
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course

WEAK = ROOT / "tests/hostile/weak_tests"
PROGRAMS = ("cheat.py", "endless_gen.py", "slow_tests.py")
# What a program gains that knows nothing, and by which family of cheats `course check` finds it.
FOUND = {
    "test_relu": {"empty"},
    "test_zip": {"empty"},
    "test_zip_all": {"empty"},
    "test_nan": {"nan"},
    "test_empty": {"empty"},
    "test_empty_testing": {"empty"},
    "test_eq_all": {"empty"},
    "test_torch": {"empty"},
    "test_str": {"claim"},
    "test_len": {"claim"},
    "test_loop_bound": {"empty"},
}
FAMILIES = {
    "constant": "returns a constant",
    "empty": "nothing is compared",
    "nan": "returns nan",
    "argument": "to its arguments",
    "claim": "holds nothing",
    "always": "whatever",
}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["torch", "pytest"])
    yield box
    box.close()


@pytest.fixture(scope="module")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(WEAK, tmp_path_factory.mktemp("weak") / "course"))


@pytest.fixture(scope="module")
def held(weak: Path) -> Path:
    held = Path(shutil.copytree(weak, weak.with_name("held")))
    shutil.copy(WEAK / "held/solution.py", held / "solutions/5.1/solution.py")
    shutil.copy(WEAK / "held/test_hidden.py", held / "solutions/5.1/tests/test_hidden.py")
    return held


def weak_tests(root: Path, exercise: str = "5.1") -> dict[str, set[str]]:
    """Return the tests that `course check` names, each with the families of cheats that it tells of."""
    done = course("check", exercise, "-j", "1", "--json", cwd=root, COURSE_CACHE=str(root / ".cache"))
    content = json.loads(done.stdout)
    assert "error" not in content, content
    found: dict[str, set[str]] = {}
    for finding in content["exercises"][0]["findings"]:
        if finding["name"] == "weak-test":
            line = (root / finding["file"]).read_text().splitlines()[finding["line"] - 1]
            name = re.match(r"\s*def (\w+)", line)
            assert name and finding["message"].startswith(name[1]), finding
            family = next(family for family, words in FAMILIES.items() if words in finding["message"])
            found.setdefault(name[1], set()).add(family)
    assert done.returncode == 1 or not found
    return found


def written(root: Path) -> dict[Path, int]:
    """Return the files of the cache, and when each was written."""
    files = [path for path in (root / ".cache").rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert files
    return {path: path.stat().st_mtime_ns for path in files}


def passed(root: Path, program: str, box: Sandbox) -> set[str]:
    """Return the tests of the checks that earn a program anything."""
    exercise = find_course(root).exercise("5.1")
    judged = judge_submission(
        known_closely(practice_key(find_course(root), exercise)), Source(program, "5.1.py"), lambda _: Lent(box)
    )
    tests = {check.name: check.tests[0].partition("::")[2] for check in exercise.work.parts}  # type: ignore[union-attr]
    return {tests[check.name] for check in judged.checks if check.score}


def test_check_names_every_test_that_a_program_passes_which_knows_nothing(weak: Path) -> None:
    assert weak_tests(weak) == FOUND


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_program_gains_that_knows_nothing_is_named(program: str, weak: Path, box: Sandbox) -> None:
    gained = passed(weak, (WEAK / "programs" / program).read_text(), box)
    assert gained <= FOUND.keys()
    assert bool(gained) == (program == "cheat.py")


@pytest.mark.parametrize("program", PROGRAMS)
def test_tests_that_are_worded_as_check_says_give_it_nothing(program: str, held: Path, box: Sandbox) -> None:
    assert passed(held, (WEAK / "programs" / program).read_text(), box) == set()


def test_tests_that_are_worded_as_check_says_are_not_named(held: Path, box: Sandbox) -> None:
    assert weak_tests(held) == {}
    assert len(passed(held, (held / "solutions/5.1/solution.py").read_text(), box)) == 14


STYLES = {
    "a constant": ("def f(x): return max(x, 0)", "assert f(-3) == 0", {"constant"}),
    "none": ("def f(x): return None", "assert f(-3) is None", {"constant"}),
    "another case": ("def f(x): return max(x, 0)", "assert f(-3) == 0\n    assert f(3) == 3", set()),
    "entries": (
        "def f(x): return {'w': x}",
        "for name, value in f(3).items():\n        assert (name, value) == ('w', 3)",
        {"empty"},
    ),
    "part of a text": ("def f(x): return 'ab'[:x]", "assert f(1) in 'abc'", {"empty"}),
    "a number near": ("def f(x): return x / 2", "assert f(3) == pytest.approx(1.5)", set()),
    "not far": ("def f(x): return x / 2", "assert not abs(f(3) - 1.5) > 1e-9", {"nan"}),
    "unchanged": ("def f(x): return sorted(x)", "assert f([1, 2]) == [1, 2]", {"argument"}),
    "in place": (
        "def f(x): x.sort()",
        "x = [3, 1, 2]\n    f(x)\n    assert x == sorted(x)",
        {"argument"},
    ),
    "in place, worked out before": ("def f(x): x.sort()", "x = [3, 1, 2]\n    f(x)\n    assert x == [1, 2, 3]", set()),
    "zeros in place": (
        "import numpy as np\ndef f(x): np.maximum(x, 0, out=x)",
        "x = np.array([-1.0, 2.0])\n    f(x)\n    assert np.allclose(x, np.maximum(x, 0))",
        {"argument"},
    ),
    "a method": (
        "class f:\n    def __init__(self, x): self.x = x\n    def debt(self): return self.x < 0",
        "assert not f(3).debt()",
        {"constant", "empty"},
    ),
    "an attribute": (
        "class f:\n    def __init__(self, x): self.x = x\n    limit = 4",
        "assert f(3).x == 3 and f.limit == 4",
        set(),
    ),
    "all parameters": (
        "import torch\nfrom torch import nn\nclass f(nn.Module):\n"
        "    def __init__(self, n):\n        super().__init__()\n        self.a = nn.Linear(n, n)\n",
        "import torch\n    assert isinstance(f(2), torch.nn.Module)\n"
        "    assert all(p.shape[0] == 2 for p in f(2).parameters())",
        {"always"},
    ),
    "printed": ("def f(x): print(x)", 'f(3)\n    assert capsys.readouterr().out == "3\\n"', set()),
    "refused": ("def f(x): return 1 / x", "with pytest.raises(ZeroDivisionError):\n        f(0)", set()),
    "nothing at all": (
        "def f(x): return x",
        "f(3)",
        {"always"},
    ),
}


ONE = 'format_version: 1\nid: "9.1"\ntitle: {en: t}\nprompt: {en: p}\ntests: [{name: it, points: 10, test: %s}]\n'


def write_tests(root: Path, tests: Sequence[str], hidden: str, solution: str) -> Path:
    """Write a course whose one check is these hidden tests."""
    root = write_course(root, ONE % json.dumps(tests), hidden, "")
    (root / "solutions/9.1/solution.py").write_text(solution)
    return root


@pytest.fixture(scope="module")
def named_styles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return what is named of all styles: one exercise holds them, the function of each under a name of its own."""
    hidden, solutions = "import numpy as np, pytest, submission\n", ""
    for number, (style, (solution, lines, _)) in enumerate(STYLES.items()):
        mark = "@pytest.mark.in_place\n" if "in place" in style else ""
        hidden += f"{mark}def test_{number}(capsys):\n    " + re.sub(r"\bf\b", f"submission.f{number}", lines) + "\n"
        solutions += re.sub(r"\bf\b", f"f{number}", solution) + "\n"
    tests = [f"test_{number}" for number in range(len(STYLES))]
    return weak_tests(write_tests(tmp_path_factory.mktemp("styles"), tests, hidden, solutions), "9.1")


@pytest.mark.parametrize("style", STYLES)
def test_a_style_of_tests_is_named_only_where_a_cheat_passes_it(style: str, named_styles: dict[str, set[str]]) -> None:
    number = list(STYLES).index(style)
    assert named_styles.get(f"test_{number}", set()) == STYLES[style][2]


def test_a_test_is_named_where_a_cheat_is_stopped_in_the_one_before(tmp_path: Path) -> None:
    """Counting what is in a huge range comes to no end; the next test of the same file is tried all the same."""
    hidden = (
        "from submission import f\ndef test_counts():\n    assert sum(1 for _ in f(3)) == 3\n"
        "def test_it():\n    assert len(f(3)) >= 3\n"
    )
    tests = ["test_counts", "test_it"]
    root = write_tests(tmp_path, tests, hidden, "def f(x): return [0] * x")
    assert weak_tests(root, "9.1") == {"test_it": {"empty", "claim"}}


def test_tests_of_one_name_in_two_files_are_told_apart(tmp_path: Path) -> None:
    test = "from submission import f\ndef test_it():\n    assert f({0}) == {0}\n"
    text = (
        'format_version: 1\nid: "9.1"\ntitle: {en: t}\nprompt: {en: p}\n'
        "tests: [{name: a, points: 1, test: test_open.py::test_it},\n"
        "  {name: b, points: 1, test: test_hidden.py::test_it}]\n"
    )
    root = write_course(tmp_path, text, test.format(0), test.format("[2]"))
    (root / "solutions/9.1/solution.py").write_text("def f(x): return x")
    done = json.loads(course("check", "9.1", "-j", "1", "--json", cwd=root, COURSE_CACHE=str(root / ".cache")).stdout)
    told = [each for each in done["exercises"][0]["findings"] if each["name"] == "weak-test"]
    assert sorted((Path(each["file"]).name, "constant" in each["message"]) for each in told) == [
        ("test_hidden.py", False),
        ("test_hidden.py", True),
        ("test_open.py", False),
    ]


def test_what_cheats_pass_is_remembered_until_something_changes_that_decides_a_mark(tmp_path: Path) -> None:
    hidden = "from submission import f\ndef test_it():\n    assert f(-3) == 0\n    assert f(3) == 3\n"
    root = write_tests(tmp_path, ["test_it"], hidden, "def f(x): return max(x, 0)")
    first = weak_tests(root, "9.1")
    kept = written(root)
    assert (first, weak_tests(root, "9.1"), written(root)) == ({}, {}, kept)
    (root / "solutions/9.1/tests/test_hidden.py").write_text(hidden.replace("    assert f(3) == 3\n", ""))
    assert weak_tests(root, "9.1") == {"test_it": {"constant"}}
