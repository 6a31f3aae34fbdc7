"""Questions in words from the terminal to the gradebook: letters, attempts, and what students' copies hold."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from commanding import course
from grading import by_place
from repository import ROOT

from grader.actions.author.release import release
from grader.core.course.questions import Choice
from grader.sandbox.choose import box_maker
from grader.store.course.course_files import find_course

STUDENTS = ("ali", "vali", "gʻani", "Oʻktam", "e@x.uz", "салима")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the course of questions."""
    return Path(shutil.copytree(ROOT / "tests" / "courses" / "questions", tmp_path / "course"))


def run(root: Path, *arguments: str, student: str = "ali") -> tuple[int, str]:
    own = {"COURSE_STUDENT": student, "LANG": "en_US.UTF-8", "COURSE_SECRET": "sir", "HOME": str(root.parent)}
    done = course(*arguments, cwd=root, **own)
    return done.returncode, done.stdout + done.stderr


def letters_of(root: Path, student: str, question: str) -> Mapping[str, str]:
    """Return the letter that each option has in what `course show` prints for a student."""
    code, shown = run(root, "show", "1.1", student=student)
    assert code == 0
    (choice,) = (each for each in find_course(root).exercise("1.1").work.parts if each.name == question)
    assert isinstance(choice, Choice)
    by_text = {option.text.said_in("en"): option.name for option in choice.options}
    rows = re.findall(r"^ +([a-z])\) (.+)$", shown, re.MULTILINE)
    return {by_text[text]: letter for letter, text in rows if text in by_text}


def test_a_letter_is_the_option_that_this_student_saw_there(root: Path) -> None:
    orders = {student: letters_of(root, student, "order") for student in STUDENTS}
    assert len({tuple(sorted(order.items())) for order in orders.values()}) > 1
    for student, order in orders.items():
        run(root, "submit", "1.1", "--answer", f"order={order['zero_first']}", student=student)
    recorded = [path.read_text(encoding="utf-8") for path in root.glob("submissions/*/1.1/*/1.1.yaml")]
    assert recorded == ['order: "zero_first"\n'] * len(STUDENTS)


def test_letters_in_a_file_are_recorded_as_names_and_graded_so(root: Path) -> None:
    for student in ("ali", "vali"):
        order, several = (letters_of(root, student, name) for name in ("order", "overfits"))
        (root / "work").mkdir(exist_ok=True)
        text = f"order: {order['zero_first']}\noverfits: [{several['dropout']}, {several['more_data']}]\n"
        (root / "work" / "1.1.yaml").write_text(text, encoding="utf-8")
        assert run(root, "submit", "1.1", student=student)[0] == 0
    code, said = run(root, "grade", "submissions", "-j", "1", "--isolation", "none")
    assert code == 0, said
    assert (points(root)["ali", "1.1"], points(root)["vali", "1.1"]) == ("3", "3")


def points(root: Path) -> dict[tuple[str, str], str]:
    """Return the points in the exported CSV, by student and exercise."""
    code, said = run(root, "export", "csv")
    assert code == 0, said
    return {place: line["grade"] for place, line in by_place(said).items()}


def test_an_answer_after_the_last_attempt_earns_nothing_in_the_gradebook(root: Path) -> None:
    for answer in ("zero_last", "zero_first"):
        run(root, "submit", "1.1", "--answer", f"order={answer}")
    for answer in ("overfitin", "overfiting", "overfitting"):
        run(root, "submit", "1.2", "--answer", f"term={answer}", student="vali")
    code, said = run(root, "grade", "submissions", "-j", "1", "--isolation", "none")
    assert code == 0, said
    found = points(root)
    assert (found["ali", "1.1"], found["vali", "1.2"]) == ("0", "1")


def test_what_is_explained_and_sent_back_is_what_counts_of_all_attempts(root: Path) -> None:
    for answers in (["order=zero_last"], ["order=zero_first", "overfits=more_data,dropout"]):
        run(root, "submit", "1.1", *(part for answer in answers for part in ("--answer", answer)))
    assert run(root, "grade", "submissions", "-j", "1", "--isolation", "none")[0] == 0
    code, said = run(root, "explain", "ali", "1.1")
    assert code == 0 and "Grade: 2 of 3" in said
    attempts = [line for line in said.splitlines() if "sha256" in line]
    assert ["this one counts" in line for line in attempts] == [False, True]
    assert "  0/3  " in attempts[0] and "  2/3  " in attempts[1]
    # The one attempt at this question was wrong, whatever came later.
    assert re.search("order +0/1", said) and re.search("overfits +2/2", said) and "Attempts that count: 1." in said


@pytest.mark.parametrize(
    "answer", ["order=z", "order=zero", "order=a,b", "nothing=a", "order=a\x00", "order=" + "a" * 5000]
)
def test_what_cannot_be_read_is_refused_and_costs_no_attempt(root: Path, answer: str) -> None:
    if "\x00" in answer:
        answer = answer.replace("\x00", "\x1b")
    code, said = run(root, "submit", "1.1", "--answer", answer)
    assert code == 2 and "\x1b" not in said and len(said) < 500
    assert not (root / "submissions").exists()


def test_a_students_copy_knows_no_answers_and_records_all_the_same(root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    release(find_course(root), copy, box_maker("none"))
    code, said = run(copy, "submit", "1.2", "--answer", "term=overfitting", "--answer", "rate=1")
    assert code == 4 and "Recorded, not judged" in said
    assert len(list(copy.glob("submissions/ali/1.2/*/1.2.yaml"))) == 1
    shutil.rmtree(copy / "submissions")
    held = b"".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
    names = sorted(path.name for path in copy.rglob("*") if path.is_file())
    assert "answers.yaml" not in names
    for secret in ("moslashish", "underfitting", "0.025", "right:", "memorizes", "log(p)"):
        assert secret.encode() not in held
    assert b"more training data" in held


def test_the_copy_is_the_same_whatever_is_right(root: Path, tmp_path: Path) -> None:
    """Nothing in it follows from the answers: no digest, no seed."""
    copies = []
    for place, right in enumerate(("zero_first", "zero_last")):
        path = root / "solutions" / "1.1" / "answers.yaml"
        text = path.read_text(encoding="utf-8").replace("right: zero_first", f"right: {right}")
        if right == "zero_last":
            text = text.replace("    zero_last:", "    zero_first:", 1)
        path.write_text(text, encoding="utf-8")
        copy = tmp_path / f"copy{place}"
        release(find_course(root), copy, box_maker("none"))
        copies.append({each.relative_to(copy): each.read_bytes() for each in copy.rglob("*") if each.is_file()})
    assert copies[0] == copies[1]


def test_a_new_exercise_of_questions_passes_its_check(root: Path) -> None:
    assert run(root, "new", "1.9", "--kind", "question")[0] == 0
    code, said = run(root, "check", "1.9", "--isolation", "none")
    assert code == 0, said


def test_what_a_student_types_is_text_on_the_page(root: Path) -> None:
    run(root, "submit", "1.2", "--answer", "term=<script>alert(1)</script>")
    assert run(root, "feedback", "1.2")[0] == 1
    page = (root / "feedback" / "1.2.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page


def test_an_author_sees_what_is_right_and_students_do_not(root: Path) -> None:
    assert "2 * x" not in run(root, "show", "1.3")[1]
    code, seen = run(root, "show", "1.3", "--as-author")
    assert code == 0 and "right: -log(p)" in seen and "right: ∂loss/∂w" in seen and "at p = " in seen
    assert "right: more_data, dropout" in run(root, "show", "1.1", "--as-author")[1]


def test_it_has_no_program_to_run(root: Path) -> None:
    path = root / "work" / "1.1.py"
    path.parent.mkdir()
    path.write_text("x = 1\n", encoding="utf-8")
    code, said = run(root, "try", "work/1.1.py")
    assert code == 2 and "answered in words" in said


def test_a_hint_never_has_the_answer(root: Path) -> None:
    assert "course show 1.2" in run(root, "hint", "1.2")[1]
    run(root, "submit", "1.2", "--answer", "term=underfitting")
    hints = [run(root, "hint", "1.2")[1] for _ in range(4)]
    assert "read the question once more" in hints[0]
    assert not any("overfitting" in each.casefold() for each in hints)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("zero_last", "wrong", "option-name-tells"),
        (
            r"right: \[more_data, dropout\]\n  why:\n(    .*\n)+",
            "right: [more_data, dropout, longer, deeper]\n",
            "every-option-right",
        ),
        (r"    zero_last:\n(      .*\n){2}", "", "option-without-reason"),
        (r"      en: step uses.*\n", "", "text-missing"),
    ],
)
def test_check_finds_what_is_to_be_mended(root: Path, old: str, new: str, finding: str) -> None:
    names = ("exercises/1.1/exercise.yaml", "solutions/1.1/answers.yaml")
    for path in (root / name for name in names):
        path.write_text(re.sub(old, new, path.read_text(encoding="utf-8")), encoding="utf-8")
    code, said = run(root, "check", "1.1", "--isolation", "none")
    assert code == 1 and f"[{finding}]" in said, said
