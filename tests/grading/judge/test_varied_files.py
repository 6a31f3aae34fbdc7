"""Exercises whose programs read files: what decides is another file than the released one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from reading_files import FILES, MAKER, SOLUTION, course
from written import ID, judged, known_to, said

from grader.core.course.exercise import Coded
from grader.core.judge.digests import declared_digest, judging_digest
from grader.core.report.report import Verdict
from grader.core.words.errors import CourseInvalid
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", [])
    yield box
    box.close()


@contextmanager
def told(words: str) -> Iterator[None]:
    """Expect a course that is refused in these words."""
    with pytest.raises(CourseInvalid) as refused:
        yield
    assert words in " ".join(fault.message.said(str, "en") for fault in refused.value.faults)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, box: Sandbox) -> KnownCoded:
    """Return what programs are held to, with all files made: those that may be shown are when something fails."""
    known = known_to(course(tmp_path_factory.mktemp("files")))
    assert judged(known, box, "")[0].verdict is not Verdict.PASS
    return known


def test_a_program_that_reads_the_file_is_right(known: KnownCoded, box: Sandbox) -> None:
    with_pathlib = SOLUTION.replace('open("data.csv").read()', 'Path("data.csv").read_text()')
    results = judged(known, box, f"from pathlib import Path\n{with_pathlib}")
    assert [each.verdict for each in results] == [Verdict.PASS, Verdict.PASS]


def test_the_numbers_of_the_released_file_do_not_pass(known: KnownCoded, box: Sandbox) -> None:
    results = judged(known, box, "scaled = [0.1, 0.2, 0.3]\n\ndef total():\n    return 6.0\n")
    assert [each.verdict for each in results] == [Verdict.FAIL, Verdict.FAIL]
    assert any("another data.csv than yours" in line and "⏎" in line for line in said(results[0]))


def test_nothing_is_said_of_the_hidden_file(known: KnownCoded, box: Sandbox) -> None:
    hidden = [file.content for file in known.drawn.work.checks[0].made_files[0]]
    told = " ".join(line for each in judged(known, box, "def total():\n    return 6.0\n") for line in said(each))
    assert known.shown is not None
    shown = known.shown.first.drawn.work.checks[0].made_files[0][0].content
    assert hidden[0] != shown
    assert " ⏎ ".join(shown.decode().split()[:3]) in told
    assert " ⏎ ".join(hidden[0].decode().split()[:3]) not in told


def test_a_faulty_maker_is_told_with_its_line(tmp_path: Path, box: Sandbox) -> None:
    broken = known_to(course(tmp_path, maker="def make_files(seed):\n    return {'data.csv': missing}\n"))
    with told("make_files.py, line 2: NameError"):
        judged(broken, box, SOLUTION)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("files: [gone.csv]", "gone.csv is missing"),
        ("files: [../course.yaml]", "cannot be the name of a file"),
        ("files: [/etc/passwd]", "cannot be the name of a file"),
        ("files: [data.csv, DATA.csv]", "cannot lie beside each other"),
        ("files: [starter.py]", "has another meaning"),
        ("files: [random.py]", "would be imported in place of random"),
        ("varied_files: [data.csv]\nfiles: [data.csv]", "cannot lie beside each other"),
    ],
)
def test_what_cannot_lie_beside_a_program_is_refused(tmp_path: Path, line: str, words: str) -> None:
    checks = f"{line}\nchecks: [{{name: total, points: 1, call: total(), compare: [value]}}]\n"
    with told(words):
        course(tmp_path, checks, **{"random.py": "", "DATA.csv": "1"}).exercise(ID)


def test_varied_files_need_a_maker(tmp_path: Path) -> None:
    with told("make_files.py is missing"):
        course(tmp_path, maker=None).exercise(ID)


def test_comments_in_code_decide_no_mark_and_bytes_of_data_do(tmp_path: Path) -> None:
    def digests(**files: str) -> tuple[str, str]:
        exercise = course(tmp_path, **files).exercise(ID)
        return judging_digest(exercise, SOLUTION.encode(), ()), declared_digest(exercise)

    first = digests()
    assert digests(**{"utils.py": "# halves\n" + FILES["utils.py"]}) == first
    assert digests(**{"data.csv": "1\n2\n4\n"})[0] != first[0]
    (tmp_path / "solutions" / ID / "make_files.py").write_text(MAKER, encoding="utf-8")
    other = course(tmp_path, maker=MAKER.replace("99", "98")).exercise(ID)
    # The students' copy has no maker, and must fit all the same.
    assert isinstance(other.work, Coded) and "98" in other.work.makes
    assert (judging_digest(other, SOLUTION.encode(), ()) != first[0], declared_digest(other)) == (True, first[1])


def test_a_check_that_trains_has_data_of_its_own(tmp_path: Path) -> None:
    files = course(tmp_path)
    path = tmp_path / "exercises" / ID / "exercise.yaml"
    trains = """  - name: trained
    points: 1
    data: {from: points, train: x, test: z}
    let: {model: train(x)}
    call: model(z)
    compare: [{reach: {mse: 0.1, seeds: 1}}]
"""
    path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n" + trains, encoding="utf-8")
    with told("gets its data from data.py"):
        files.exercise(ID)
