"""The author's tests put to programs: what passes, what is said of what does not, and what a hostile one gains."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from examined import EXERCISE, HIDDEN, OPEN, SOLUTION, STARTER, judged, results, said, write_course

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux can lock a box", allow_module_level=True)

from grader.core.report.report import Verdict
from grader.core.run.jobs import MOST_OF_TESTS
from grader.core.words.errors import CourseInvalid
from grader.sandbox.choose import make_box, try_level
from grader.sandbox.port import Sandbox
from grader.sandbox.portable.spawn import SpawnBox


@pytest.fixture(scope="module")
def box(root: Path) -> Iterator[Sandbox]:
    trial = try_level("full")
    if not trial.holds:
        pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")
    box = make_box("full", ["pytest", "torch"])
    yield box
    # After all that was done in it, it judges as it did before.
    assert scores(root, SOLUTION, box) == {"mean": 2, "refuses": 1, "running": 4}
    box.close()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("examined"))


def scores(root: Path, program: str, box: Sandbox) -> dict[str, float | None]:
    return {name: result.score for name, result in results(root, program, box).items()}


def outcome(tmp_path: Path, box: Sandbox, hidden: str, program: str, entry: str = "") -> tuple[float | None, str]:
    """Return score and text of the one check, of 10 points, whose test is `test_it` of these hidden tests."""
    text = (
        f'format_version: 1\nid: "9.1"\ntitle: {{en: t}}\nprompt: {{en: p}}\ntests: [{{name: it, points: 10{entry}}}]\n'
    )
    result = results(write_course(tmp_path, text, hidden, ""), program, box)["it"]
    return result.score, said(result)


def test_the_solution_gets_full_marks(root: Path, box: Sandbox) -> None:
    found = judged(root, SOLUTION, box)
    assert {check.verdict for check in found.checks} == {Verdict.PASS}
    assert found.isolation == "full"


def test_the_starter_gets_none(root: Path, box: Sandbox) -> None:
    assert set(scores(root, STARTER, box).values()) == {0}


@pytest.mark.parametrize("isolation", ["reduced", "spawned"])
def test_it_is_the_same_in_every_box(root: Path, isolation: str) -> None:
    if isolation == "reduced" and not try_level("reduced").holds:
        pytest.skip("NOT TESTED HERE: this machine has no Landlock")
    box = SpawnBox(["pytest"]) if isolation == "spawned" else make_box(isolation, ["pytest"])
    try:
        program = SOLUTION.replace("for i in range(len(numbers))", "for i in range(1)")
        assert scores(root, program, box) == {"mean": 2, "refuses": 1, "running": 1}
    finally:
        box.close()


def test_partial_gives_the_share_of_the_cases_and_says_how_many_hold(root: Path, box: Sandbox) -> None:
    result = results(root, SOLUTION + "\n\ndef running(numbers):\n    return list(numbers)\n", box)["running"]
    assert (result.verdict, result.score) == (Verdict.FAIL, 2.0)
    assert "[1, 3] == [1, 2]" in said(result)
    assert "2 of 4 cases pass." in said(result)


def test_a_name_that_is_missing_costs_the_tests_that_use_it_and_is_named(root: Path, box: Sandbox) -> None:
    found = results(root, SOLUTION.partition("def running")[0], box)
    assert {name: result.score for name, result in found.items()} == {"mean": 2, "refuses": 1, "running": 0}
    assert "There is no running at the top level of the program." in said(found["running"])


def test_a_hidden_test_shows_its_message_and_its_values_but_not_its_source(root: Path, box: Sandbox) -> None:
    told = said(results(root, SOLUTION.replace("/ len(numbers)", "/ 2"), box)["mean"])
    assert "the mean of several numbers" in told
    assert "6.25 == 4.16" in told
    assert "where" not in told
    assert "test_" not in told


def test_a_public_test_shows_its_line(root: Path, box: Sandbox) -> None:
    told = said(results(root, "def mean(numbers):\n    return 0\n", box)["refuses"])
    assert "test_open.py:" in told
    assert "DID NOT RAISE" in told


def test_an_exception_of_the_program_is_told_with_its_own_line(root: Path, box: Sandbox) -> None:
    result = results(root, "def mean(numbers):\n    return numbers[99]\n", box)["mean"]
    assert result.verdict is Verdict.ERROR
    assert "9.1.py:2: IndexError: list index out of range" in said(result)


def test_a_statement_that_raises_is_left_out_and_told(root: Path, box: Sandbox) -> None:
    found = results(root, f"plot = undefined\n{SOLUTION}\nraise SystemExit(0)\n", box)
    assert {result.score == result.max_score for result in found.values()} == {True}


def test_award_counts_up_to_where_the_test_fails(tmp_path: Path, box: Sandbox) -> None:
    test = """
from submission import first, second
def test_it(award):
    assert first() == 1
    award(0.3, "the first step is right")
    assert second() == 2, "the second is not"
    award(1)
"""
    program = "def first():\n    return 1\n\ndef second():\n    return 5\n"
    score, told = outcome(tmp_path, box, test, program)
    assert score == 3
    assert "the second is not" in told
    assert "the first step is right" in told


def test_objects_of_the_program_are_used_where_they_are(tmp_path: Path, box: Sandbox) -> None:
    test = """
import pytest, submission
@pytest.mark.in_place
def test_it(capsys):
    account = submission.Account(10)
    account.add(5)
    account.owner = "Ali"
    assert (account.amount, account.owner, len(account), list(account), account["x"]) == (15, "Ali", 15, [1, 2], "x!")
    assert isinstance(account, submission.Account) and str(account) == "Ali: 15"
    with pytest.raises(submission.Empty, match="nothing left") as caught:
        account.take(99)
    assert isinstance(caught.value, KeyError)
    numbers = [3, 1, 2]
    submission.sort_in_place(numbers)
    assert numbers == [1, 2, 3]
    assert submission.slope(lambda x: x * x, 3.0) == pytest.approx(6.0)
    assert capsys.readouterr().out == "slope\\n"
    assert list(submission.count()) == [0, 1]
    with pytest.raises(submission.Bad):
        submission.fail()
    submission.limit = 4
    assert submission.over(5) is True
"""
    program = """
class Empty(KeyError):
    def __str__(self):
        return "nothing left"
class Account:
    def __init__(self, amount): self.amount = amount
    def add(self, more): self.amount += more
    def take(self, less): raise Empty("no")
    def __len__(self): return self.amount
    def __iter__(self): yield from (1, 2)
    def __getitem__(self, key): return key + "!"
    def __str__(self): return f"{self.owner}: {self.amount}"
def sort_in_place(numbers): numbers.sort()
def slope(f, x):
    print("slope")
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
def count():
    yield 0
    yield 1
Bad = ValueError
def fail(): raise Bad
limit = 10
def over(x): return x > limit
"""
    assert outcome(tmp_path, box, test, program) == (10, "")


IN_PLACE = {
    "nobody asks": ("", "def test_it", [3, 1]),
    "the test": ("@pytest.mark.in_place\n", "def test_it", [1, 3]),
    "the file": ("pytestmark = pytest.mark.in_place\n", "def test_it", [1, 3]),
    "another test": ("@pytest.mark.in_place\ndef test_other(): pass\n", "def test_it", [3, 1]),
}


@pytest.mark.parametrize("who", IN_PLACE)
def test_what_a_call_changes_in_its_arguments_comes_back_only_where_a_test_asks(
    tmp_path: Path, box: Sandbox, who: str
) -> None:
    mark, test, after = IN_PLACE[who]
    hidden = (
        f"import numpy, pytest, torch\nfrom submission import order\n{mark}{test}():\n"
        "    for kind in (list, numpy.array, torch.tensor):\n"
        f"        numbers = kind([3, 1])\n        order(numbers)\n        assert list(numbers) == {after}\n"
    )
    program = "def order(numbers):\n    numbers[0], numbers[1] = int(numbers[1]), int(numbers[0])\n"
    entry = ", test: [test_it, test_other]" if "test_other" in mark else ""
    assert outcome(tmp_path, box, hidden, program, entry) == (10, "")


def test_a_unittest_class_asks_with_the_same_mark(tmp_path: Path, box: Sandbox) -> None:
    hidden = (
        "import pytest, unittest\nfrom submission import order\n@pytest.mark.in_place\n"
        "class TestOrder(unittest.TestCase):\n    def test_it(self):\n        numbers = [3, 1]\n"
        "        order(numbers)\n        self.assertEqual(numbers, [1, 3])\n"
    )
    program = "def order(numbers): numbers.sort()\n"
    assert outcome(tmp_path, box, hidden, program, ", test: TestOrder") == (10, "")


NEAR = {
    "a number": ("3.2", 10),
    "an array of such numbers": ("numpy.full((2, 2), 3.2)", 10),
    "another number": ("3.3", 0),
    "an empty array": ("numpy.zeros(0)", 0),
    "an array that goes with every other": ("numpy.zeros((0, 1, 1))", 0),
    "an empty tensor": ("torch.zeros(0)", 0),
}


@pytest.mark.parametrize("what", NEAR)
def test_an_array_without_elements_is_near_no_number(tmp_path: Path, box: Sandbox, what: str) -> None:
    value, points = NEAR[what]
    hidden = "import pytest\nfrom submission import f\ndef test_it():\n    assert f() == pytest.approx(3.2)\n"
    score, _ = outcome(tmp_path, box, hidden, f"import numpy, torch\ndef f(): return {value}\n")
    assert score == points


def test_fixtures_helpers_and_unittest_work_as_in_pytest(tmp_path: Path, box: Sandbox) -> None:
    test = """
import unittest
from helping import wanted
from submission import double
class TestAll(unittest.TestCase):
    def setUp(self): self.numbers = [1, 2]
    def test_it(self): self.assertEqual([double(x) for x in self.numbers], wanted)
    def test_also(self): self.assertEqual(double(2), 4)
def test_it(three): assert double(three) == 6
"""
    write_course(tmp_path, "", test, "")
    (tmp_path / "solutions/9.1/tests/helping.py").write_text("wanted = [2, 4]\n")
    (tmp_path / "solutions/9.1/tests/conftest.py").write_text(
        "import pytest\n\n@pytest.fixture\ndef three():\n    return 3\n"
    )
    entry = ", test: [TestAll, 'test_hidden.py::test_it']"
    assert outcome(tmp_path, box, test, "def double(x):\n    return 2 * x\n", entry) == (10, "")


ENDINGS = {
    "a class of Python's": "def square(x):\n    raise StopIteration\n",
    "with a value": "def square(x):\n    raise StopIteration(16)\n",
    "a class of its own": "class Bad(StopIteration): pass\ndef square(x):\n    raise Bad\n",
}
TRUSTING = {
    "zip": "for x, y in zip([1, 2], map(square, [1, 2])):\n        assert y == x * x",
    "all": "assert all(map(lambda x: square(x) == x * x, [1, 2]))",
    "next": "assert next(iter(map(square, [4])), 16) == 16",
    "sentinel": "for y in iter(lambda: square(4), 16):\n        assert y == 16",
}


@pytest.mark.parametrize("test", TRUSTING)
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_program_ends_no_loop_of_the_tests_by_raising_what_ends_one(
    tmp_path: Path, box: Sandbox, ending: str, test: str
) -> None:
    hidden = f"from submission import square\ndef test_it():\n    {TRUSTING[test]}\n"
    score, text = outcome(tmp_path, box, hidden, ENDINGS[ending])
    assert score == 0 and "RuntimeError: " in text


def test_an_iterator_of_the_program_ends_when_it_says_so(tmp_path: Path, box: Sandbox) -> None:
    program = (
        "class Twice:\n    def __init__(self): self.left = 2\n    def __iter__(self): return self\n"
        "    def __next__(self):\n        if not self.left: raise StopIteration\n        self.left -= 1\n"
        "        return self.left\n"
    )
    hidden = "from submission import Twice\ndef test_it():\n    assert list(Twice()) == [1, 0]\n"
    assert outcome(tmp_path, box, hidden, program)[0] == 10


def test_tests_that_cannot_be_read_are_the_authors_fault_not_the_students(tmp_path: Path, box: Sandbox) -> None:
    with pytest.raises(CourseInvalid) as caught:
        outcome(tmp_path, box, "import no_such_module\ndef test_it(): ...\n", SOLUTION)
    assert "no_such_module" in caught.value.faults[0].message.said(str)


def test_a_test_that_a_program_keeps_from_ending_is_no_pass(tmp_path: Path, box: Sandbox) -> None:
    test = "import os\nfrom submission import mean\ndef test_it():\n    mean([1]) and os._exit(0)\n"
    score, told = outcome(tmp_path, box, test, SOLUTION)
    assert score == 0
    assert "did not finish" in told


def test_the_programs_time_counts_only_while_it_works(tmp_path: Path, box: Sandbox) -> None:
    test = "import time\nfrom submission import slow\ndef test_it():\n    time.sleep(1.5)\n    assert slow() == 1\n"
    limits = ", limits: {wall: 1 s}"
    assert outcome(tmp_path / "a", box, test, "def slow():\n    return 1\n", limits) == (10, "")
    score, told = outcome(
        tmp_path / "b", box, test, "import time\ndef slow():\n    while True: time.sleep(0.01)\n", limits
    )
    assert score == 0
    assert "Stopped after 1 s" in told


# What keeps the author's own loop busy beside a submission; beside the solution it is over at once.
_COUNTS = "from submission import mean\ndef test_it():\n    x = mean([4])\n    assert x == 4 or max(x) == 9\n"


def test_tests_that_a_program_keeps_busy_stop_soon_and_its_author_is_told_so(tmp_path: Path, box: Sandbox) -> None:
    began = time.monotonic()
    score, told = outcome(tmp_path, box, _COUNTS, "def mean(numbers): return range(10**15)\n")
    assert score == 0 and "with what this program returns, it takes far longer" in told
    assert time.monotonic() - began < 20


def test_tests_that_come_to_no_end_beside_the_solution_are_the_authors_fault(
    tmp_path: Path, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(MOST_OF_TESTS, wall=1.0, cpu=1.0)
    monkeypatch.setattr("grader.core.judge.author_tests.MOST_OF_TESTS", short)
    with pytest.raises(CourseInvalid) as caught:
        outcome(tmp_path, box, _COUNTS.replace("x == 4", "max(range(10**15)) == x"), SOLUTION)
    assert "check it: beside the solution, too" in caught.value.faults[0].message.said(str)


# --- Hostile programs ---

_LIAR = """
class Liar:
    def __init__(self, *_, **__): pass
    def _yes(self, *_, **__): return True
    def _zero(self, *_, **__): return 0
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = _yes
    __sub__ = __rsub__ = __abs__ = __float__ = __len__ = __index__ = _zero
    __hash__ = lambda self: 0
    def __iter__(self): return iter([])
    def __getattr__(self, name): return Liar()
    __call__ = lambda self, *_: Liar()
    __array_interface__ = {"shape": (1,), "typestr": "<f8", "data": (4096, True), "version": 3}
    __class__ = float
"""
_RETURNS = "\ndef mean(numbers):\n    return {0}\n\ndef running(numbers):\n    return {0}\n"
HOSTILE = {
    "equal to all": _LIAR + _RETURNS.format("Liar()"),
    "classes in place of functions": _LIAR + "\nmean = running = Liar\n",
    "everything by any name": _LIAR + "\n__getattr__ = lambda name: Liar()\nmean = running = Liar()\n",
    "numbers of a class of its own": (
        "class Evil(float):\n    __eq__ = __ge__ = __le__ = lambda *_: True\n    __hash__ = None\n"
        "class List(list):\n    __eq__ = lambda *_: True\n"
        "def mean(numbers):\n    return Evil(0)\n\ndef running(numbers):\n    return List([99])\n"
    ),
    "exit at import": "import os, sys, atexit\natexit.register(lambda: os._exit(0))\nsys.exit(0)\n",
    "os._exit at import": "import os\nos._exit(0)\n",
    "os._exit when called": "import os\n" + _RETURNS.format("os._exit(0)"),
    "patched comparators": (
        "import builtins, operator, unittest, pytest, numpy.testing, math\n"
        "pytest.approx = lambda *_, **__: type('All', (), {'__eq__': lambda *_: True})()\n"
        "pytest.raises = unittest.TestCase.assertEqual = numpy.testing.assert_allclose = lambda *_, **__: None\n"
        "builtins.AssertionError = builtins.isinstance = builtins.all = builtins.sum = lambda *_, **__: True\n"
        "operator.eq = math.isclose = lambda *_: True\n" + _RETURNS.format("0")
    ),
    "no traceback": (
        "import sys, traceback\nsys.excepthook = traceback.print_exception = lambda *_: None\n"
        "class Shell:\n    showtraceback = lambda *_: None\nget_ipython = Shell\n" + _RETURNS.format("1 / 0")
    ),
    "names of the tests": (
        "wanted = numbers = [0]\npytest = submission = None\n__builtins__ = {}\napprox = lambda *_: 0\n"
        "test_mean = test_running = test_refuses = lambda: None\n" + _RETURNS.format("0")
    ),
    "outcomes of pytest": (
        "import pytest, unittest\ndef mean(numbers):\n    pytest.skip('done', allow_module_level=True)\n"
        "def running(numbers):\n    raise unittest.SkipTest('passed')\n"
    ),
    "pytest's exit": (
        "import pytest\ndef mean(numbers):\n    pytest.exit('x', 0)\n"
        "def running(numbers):\n    raise KeyboardInterrupt\n"
    ),
    "its own verdict": (
        "import os, json, struct\ndef send(**frame):\n    body = json.dumps(frame).encode()\n"
        "    os.write(3, struct.pack('>II', len(body), 0) + body)\n"
        "def mean(numbers):\n    send(frame='collected', names=['test_mean'])\n"
        "    send(frame='case', name='test_mean', outcome='passed', share=1.0)\n    send(frame='done')\n"
        "running = mean\n"
    ),
    "replies ahead of the asks": (
        "import os, json, struct\nbody = json.dumps(dict(frame='reply', value=dict(t='bool', v=True))).encode()\n"
        "def mean(numbers):\n    os.write(3, 50 * (struct.pack('>II', len(body), 0) + body))\n    return 0\n"
        "running = mean\n"
    ),
    "an array that there is not": (
        "import os, json, struct\narray = dict(t='array', dtype='<f3', shape=[], data='')\n"
        "body = json.dumps(dict(frame='reply', value=array)).encode()\n"
        "def mean(numbers):\n    os.write(3, struct.pack('>II', len(body), 0) + body)\n    return 0\n"
        "running = mean\n"
    ),
    "values without end": (
        "def mean(numbers):\n    x = []\n    x.append(x)\n    return x\n"
        "def running(numbers):\n    while True:\n        yield 1\n"
    ),
    "a value too large": _RETURNS.format("'x' * 10**7"),
    "files where tests are looked for": (
        "for name in ('conftest.py', 'test_hidden.py', 'pytest.ini', 'submission.py', 'sitecustomize.py'):\n"
        "    open(name, 'w').write('import os; os._exit(0)')\n" + _RETURNS.format("0")
    ),
    "looking for the tests": (
        "import gc, sys, linecache\n"
        "def told():\n"
        "    texts = [str(o) for o in gc.get_objects() if isinstance(o, (dict, list, tuple)) and len(o) < 50]\n"
        "    texts += [str(linecache.cache)] + [str(vars(m)) for m in list(sys.modules.values()) if m is not None]\n"
        "    words = ' '.join(('mean', 'of', 'several')), '_'.join(('test', 'running'))\n"
        "    return any(word in t for t in texts for word in words)\n"
        "found = told()\n"
        "def mean(numbers):\n    return 12.5 / 3 if found or told() else 0\n"
        "def running(numbers):\n    return numbers if found or told() else None\n"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_program_gains_nothing(name: str, root: Path, box: Sandbox) -> None:
    found = results(root, HOSTILE[name], box)
    assert {check: result.score for check, result in found.items()} == dict.fromkeys(found, 0), [
        (result.verdict, said(result)) for result in found.values()
    ]
    assert Verdict.VOID not in {result.verdict for result in found.values()}
    assert Verdict.SKIPPED not in {result.verdict for result in found.values()}


def test_the_tests_are_those_that_the_docstrings_above_speak_of() -> None:
    """The hostile programs are held to these names: a test renamed would let them miss their aim."""
    assert all(name in HIDDEN + OPEN for name in ("test_mean", "test_running", "test_refuses", "mean of several"))


def test_of_a_hidden_test_a_mark_tells_nothing_that_a_program_could_have_said(tmp_path: Path, box: Sandbox) -> None:
    hidden = HIDDEN.replace('"the mean of several numbers"', 'f"the mean of {numbers}"')
    root = write_course(tmp_path, hidden=hidden)
    program = SOLUTION.replace(
        "    return sum(numbers)",
        "    if len(numbers) == 3:\n        raise KeyError(str(numbers))\n    return sum(numbers)",
    )
    found = {each.name: each for each in judged(root, program, box, marks=True).checks}
    assert (found["mean"].score, [each.kind for each in found["mean"].findings]) == (0, ["hidden-test-fails"])
    assert "8.0" not in repr(found) and "KeyError" not in repr(found)


def test_no_sentence_of_an_author_that_a_hidden_test_says_is_told_for_a_mark(tmp_path: Path, box: Sandbox) -> None:
    """Which of several sentences it is would tell the inputs, and the sentence itself may say them."""
    hidden = HIDDEN + (
        '\n\ndef test_half(award):\n    award(0.5, "738 is half of it")\n'
        '    with pytest.raises(ValueError):\n        mean([738])\n    assert mean([738]) == 738, "not 738"\n'
    )
    exercise = EXERCISE.replace("test_open.py::test_refuses", "test_half")
    root = write_course(tmp_path, exercise, hidden, OPEN.replace("def test_refuses", "def refuses"))
    found = {each.name: each for each in judged(root, "def mean(numbers):\n    return 0\n", box, marks=True).checks}
    assert [each.kind for each in found["refuses"].findings] == ["hidden-test-fails"]
    assert found["refuses"].carried == 0.5
    assert "738" not in repr(found) and "the mean of several" not in repr(found)


def test_a_name_that_hidden_tests_ask_for_and_the_program_has_not_is_named_for_a_mark(root: Path, box: Sandbox) -> None:
    def missing(program: str) -> dict[str, list[object]]:
        found = judged(root, program, box, marks=True).checks
        return {each.name: [said.fields.get("name") for said in each.findings] for each in found}

    assert missing(SOLUTION.partition("def running")[0])["running"] == ["running"]
    # A program that makes it has it, however it does so, and even where it takes it away for one of the tests.
    by_text = SOLUTION.replace("return [mean", "del globals()['running']\n    return [mean")
    assert missing(by_text)["running"] == [None]
    assert missing("globals()['running'] = lambda numbers: 0\n")["running"] == [None]
