"""A program tells the numbers that it is given in every way that it has, and nothing that is shown has a hidden one.

Numbers have six digits before the point and belong to one draw each, so where one stands, it was told.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from examined import COURSE
from formats import RUNNER
from grading import SECRET, Class

from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Coded
from grader.core.run.plan import probe_numbers
from grader.grading.judge.answer_key import AnswerKey, answer_key, practice_key
from grader.store.course.course_files import find_course

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: nbgrader's own code is used where a class is graded", allow_module_level=True)


from nbgrading import Room

EXERCISE = """
format_version: 1
id: "4.2"
title: {en: Doubles}
prompt: {en: Write f and total.}
checks:
  - name: double
    points: 2
    call: f(x)
    args: {x: {uniform: [100000, 900000]}}
    repeat: 3
    compare: [value]
  - name: steps
    points: 2
    run: script
    given: {data: {uniform: [100000, 900000], size: 3}}
    compare: [{trace: {stores: total}}, {final: total}]
"""
SOLUTION = "data = [1.0, 2.0, 3.0]\ntotal = 0.0\nfor x in data:\n    total += x\n\n\ndef f(x):\n    return 2 * x\n"
TESTED = """
format_version: 1
id: "4.1"
title: {en: Doubles}
prompt: {en: Write f.}
tests:
  - {name: tested, points: 2, test: [test_hidden, test_shown]}
"""
HIDDEN_INPUT, SHOWN_INPUT = 738291.46, 529164.37
TEST = 'from submission import f\n\n\ndef test_{name}():\n    assert f({x}) == {y}, "is it {x}?"\n'
# What a program does with `x` and with its digits.
CHANNELS = {
    "class": "raise type(digits, (Exception,), {})",
    "message": "raise ValueError(digits)",
    "cause": "raise ValueError(digits) from KeyError(digits)",
    "group": "raise ExceptionGroup(digits, [ValueError(digits)])",
    "line": "exec(compile('\\n' * int(x) + '1 / 0', __file__, 'exec'))",
    "function": "exec(f'def {digits}():\\n    1 / 0\\n{digits}()')",
    "name": "eval(digits)",
    "attribute": "getattr(x, digits)",
    "key": "{}[digits]",
    "argument": "tell(**{digits: 1})",
    "import": "__import__(digits)",
    "file": "open('/nowhere/' + digits)",
    "written": "open(digits, 'w').close()",
    "assertion": "assert not x, digits",
    "docstring": "f.__doc__ = tell.__name__ = f.__qualname__ = digits; f(1, 2)",
    "names": "globals()[digits] = globals().pop('total', 0); globals().pop('f', None)",
    "printed": "print(digits); sys.stderr.write(digits)",
    "warning": "warnings.warn(digits); logging.warning(digits)",
    "displayed": "from IPython.display import display; display(digits)",
    "exit": "sys.exit(digits)",
    "exit code": "os._exit(int(x) % 200 + 1)",
    "time": "time.sleep(x * 1e-7)",
    "number": "return x",
    "text": "return digits",
    "keys": "return {digits: x}",
    "type": "return type(digits, (), {})()",
    "size": "return numpy.zeros(int(x))",
    "named result": "return [digits, x], {digits: [x]}",
}
# A channel that ends in these is told in words of its own, or not at all.
SILENT = {"exit code", "time", "written"}


def program(channel: str) -> str:
    return f"""import logging, os, sys, time, warnings
import numpy

data = [1.0, 2.0, 3.0]
total = 0.0


def tell(x):
    digits = "Q" + str(x).replace(".", "_")
    {CHANNELS[channel]}
    return 0.0


def f(x):
    return tell(x)


for x in data:
    total = tell(x)
"""


def drawn(key: AnswerKey) -> Iterator[float]:
    """Yield all numbers of a key's seed, and what a right program makes of them."""
    work = key.exercise.work
    assert isinstance(work, Coded)
    for check in work.checks:
        for probe in probe_numbers(check, key.seed):
            for array in probe.values():
                yield from made_of(array)


def made_of(array: Array) -> Iterator[float]:
    total = 0.0
    for number in array.numbers:
        total += number
        yield from (number, 2 * number, total)


def found(numbers: Iterable[float], texts: Iterable[str]) -> set[str]:
    """Return which of these numbers stand in texts, be it with fewer decimals or as part of a name."""
    whole = {str(each) for number in numbers for each in (int(number), round(number))}
    stands = re.compile(rf"(?<![0-9a-fA-F])({'|'.join(sorted(whole))})(?:[._]?\d+)?(?![0-9a-fA-F])")
    return {match[0] for text in texts for match in stands.finditer(text.replace(",", "").replace("\u202f", ""))}


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """Return a class in which every channel is a student."""
    group = Class(tmp_path_factory.mktemp("channels") / "course")
    files = {
        "course.yaml": COURSE.replace('"9"', '"4"'),
        "exercises/4.2/exercise.yaml": EXERCISE,
        "exercises/4.2/starter.py": SOLUTION.partition("total")[0],
        "solutions/4.2/solution.py": SOLUTION,
        "exercises/4.1/exercise.yaml": TESTED,
        "exercises/4.1/starter.py": "def f(x):\n    return 0\n",
        "exercises/4.1/tests/test_open.py": TEST.format(name="shown", x=SHOWN_INPUT, y=2 * SHOWN_INPUT),
        "solutions/4.1/tests/test_hidden.py": TEST.format(name="hidden", x=HIDDEN_INPUT, y=2 * HIDDEN_INPUT),
        "solutions/4.1/solution.py": "def f(x):\n    return 2 * x\n",
    }
    for name, text in files.items():
        path = group.course / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for channel in CHANNELS:
        for id in ("4.1", "4.2"):
            group.hand_in(channel, f"{id}.py", program(channel))
    return group


@pytest.fixture(scope="module")
def hidden(group: Class) -> list[float]:
    files = find_course(group.course)
    return [HIDDEN_INPUT, 2 * HIDDEN_INPUT, *drawn(answer_key(files, files.exercise("4.2"), SECRET.encode()))]


@pytest.fixture(scope="module")
def shown(group: Class) -> list[float]:
    files = find_course(group.course)
    return [SHOWN_INPUT, 2 * SHOWN_INPUT, *drawn(practice_key(files, files.exercise("4.2")))]


@pytest.fixture(scope="module")
def graded(group: Class) -> str:
    """Return what the command said."""
    ended = group.run(
        "grade", "class", "-j", "1", "--isolation", "none", "--json", "reports.json", "--csv", "grades.csv"
    )
    assert ended.code == 0, ended
    return ended.out + ended.err


def below(folder: Path) -> list[str]:
    return [path.read_text(encoding="utf-8", errors="replace") for path in folder.rglob("*") if path.is_file()]


def test_reports_of_a_class_its_gradebook_and_its_tables_tell_no_hidden_number(
    group: Class, graded: str, hidden: list[float], shown: list[float]
) -> None:
    reports = group.reports()
    assert not found(hidden, [graded, json.dumps(list(reports.values()), ensure_ascii=False)])
    told = {student for (student, _), each in reports.items() if found(shown, [json.dumps(each)])}
    assert told >= CHANNELS.keys() - SILENT
    assert {each["score"] for each in reports.values()} == {0}
    assert not found(hidden, [path.read_text("latin-1") for path in group.course.glob("gradebook.db*")])
    assert not found(hidden, [(group.course / "grades.csv").read_text(encoding="utf-8")])


WORKSHEETS = {
    "moodle": "Identifier,Full name,Grade,Maximum Grade,Feedback comments\nParticipant 1,class,,4,\n",
    "canvas": "Student,ID,HW 1 (101)\n    Points Possible,,4.00\nclass,class,\n",
}
OF_THE_CLASS = {
    "report": ["report", "--out", "shown"],
    "csv": ["export", "csv", "--wide"],
    "moodle": ["export", "moodle", "--worksheet", "moodle.csv", "--lecture", "4", "--out", "shown.csv"],
    "canvas": ["export", "canvas", "--worksheet", "canvas.csv", "--column", "HW 1", "--lecture", "4"],
    "gradescope": ["export", "gradescope", "--out", "shown"],
    **{f"explain {each}": ["explain", each, "4.2"] for each in ("class", "names", "named result")},
    "explain --json": ["explain", "class", "4.1", "--json"],
}


@pytest.mark.parametrize("command", OF_THE_CLASS)
def test_what_is_made_of_the_gradebook_tells_no_hidden_number(
    group: Class, graded: str, hidden: list[float], shown: list[float], command: str
) -> None:
    for name, text in WORKSHEETS.items():
        (group.course / f"{name}.csv").write_text(text, encoding="utf-8")
    ended = group.run(*OF_THE_CLASS[command])
    # The worksheets have lines of nobody here, and most of the class is on none.
    assert ended.code == (1 if command in WORKSHEETS else 0), ended
    texts = [ended.out, ended.err, *below(group.course / "shown")]
    texts += [path.read_text(encoding="utf-8") for path in group.course.glob("*.csv")]
    shutil.rmtree(group.course / "shown", ignore_errors=True)
    assert not found(hidden, texts)
    assert found(shown, texts) or command not in ("report", "gradescope", "explain class", "explain --json")


@pytest.mark.parametrize("channel", ["class", "line", "names", "printed", "named result"])
def test_what_a_student_is_shown_of_an_attempt_tells_no_hidden_number(
    group: Class, hidden: list[float], shown: list[float], channel: str
) -> None:
    folder = group.course / "shown"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    formats = ("json", "junit", "markdown", "gradescope", "classroom50")
    for id in ("4.1", "4.2"):
        handed_in, box = f"class/{channel}/{id}.py", ("--isolation", "none")
        written = [part for each in formats for part in (f"--{each}", f"shown/{id}.{each}")]
        commands: list[tuple[str, ...]] = [
            ("submit", id, handed_in, *box, *written),
            ("hint", id),
            ("hint", id),
            ("hint", id, "--json"),
            ("feedback", id, "--output", f"shown/{id}.html", *box),
        ]
        if id == "4.2":
            commands += [
                ("try", handed_in, id, *box),
                ("try", handed_in, id, "--json", *box),
                ("show", id, "--as-author"),
            ]
        for command in commands:
            ended = group.run(*command, COURSE_STUDENT=channel, **RUNNER)
            assert ended.code in (0, 1), ended
            assert not found(hidden, [ended.out, ended.err]), command
    kept = below(group.course / "submissions")
    assert found(shown, kept) and not found(hidden, kept)
    assert len(below(folder)) == 12 and not found(hidden, below(folder))
    shutil.rmtree(folder)


def test_what_nbgrader_shows_tells_no_hidden_number(group: Class, hidden: list[float], shown: list[float]) -> None:
    room = Room(group)
    room.folder.mkdir()
    room.generate()
    for channel in ("class", "line", "named result"):
        room.hand_in(channel, room.filled({id: program(channel) for id in ("4.1", "4.2")}))
    ended = room.grade("-j", "1", "--isolation", "none")
    texts = [ended.out, ended.err, *below(room.feedback()), *below(room.folder / "autograded")]
    assert found(shown, texts) and not found(hidden, texts)
    assert not found(hidden, [(room.folder / "gradebook.db").read_text("latin-1")])


def test_a_check_that_only_hidden_numbers_fail_tells_none_of_them(
    group: Class, hidden: list[float], shown: list[float]
) -> None:
    """Such a program does what it can with hidden numbers, and is right with those that were shown."""
    known = sorted({*shown})
    text = program("class").replace(
        "digits = ", f"if any(abs(x - each) < 1 for each in {known}):\n        return 2 * x\n    digits = "
    )
    group.hand_in("sly", "4.2.py", text)
    ended = group.run("grade", "class", "-j", "1", "--isolation", "none", "--student", "sly", "--json")
    assert ended.code == 0 and '"score": 0' in ended.out and not found(hidden, [ended.out, ended.err]), ended


def test_what_comes_after_all_that_is_checked_is_told_to_one_student_at_shown_numbers(
    group: Class, hidden: list[float], shown: list[float]
) -> None:
    late = "raise type('Q' + str(data[0]).replace('.', '_'), (Exception,), {})\n"
    group.hand_in("late", "4.2.py", SOLUTION + late)
    box = ("--isolation", "none")
    for command in (("submit", "4.2", "class/late/4.2.py"), ("submit", "4.2", "class/late/4.2.py", "--json")):
        ended = group.run(*command, *box, COURSE_STUDENT="late")
        assert ended.code == 0 and "costs no points there" in ended.out, ended
        assert found(shown, [ended.out]) and not found(hidden, [ended.out, ended.err])
    ended = group.run("grade", "class", "-j", "1", *box, "--student", "late", "--json")
    (report,) = json.loads(ended.out)["reports"]
    assert report["score"] == 4 and not found([*shown, *hidden], [ended.out])
