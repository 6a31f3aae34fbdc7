"""Every golden submission of the course about rules is told the rules that it breaks, and where.

`expected.json` holds of each check the verdict, the score, and of each finding the kind, the line (of the cell, in a
notebook) and what it names.
"""

import json
import shutil
from pathlib import Path

import pytest
from commanding import ROOT, course

from grader.core.findings.telling import told_check
from grader.grading.judge.answer_key import practice_key
from grader.grading.judge.drivers import InTurn, SideBySide
from grader.grading.judge.judge import judge, known_of, modules, read_handed_in
from grader.sandbox.choose import make_box
from grader.store.course.course_files import find_course

COURSE = find_course(Path(__file__).parent / "rules")
FOLDERS = sorted(path.parent for path in COURSE.root.glob("golden/*/*/expected.json"))


@pytest.fixture(scope="module")
def known():
    kept = {}

    def of(exercise_id):
        if exercise_id not in kept:
            kept[exercise_id] = known_of(practice_key(COURSE, COURSE.exercise(exercise_id), b"golden"))
        return kept[exercise_id]

    return of


def judged(folder, known):
    exercise = known(folder.parent.name)
    (file,) = folder.glob("submission.*")
    handed_in = read_handed_in(exercise.key.exercise.work, file.read_bytes(), file.name)
    with SideBySide(lambda: make_box("none", modules(exercise))) as run:
        return judge(exercise, handed_in, run)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_submission_is_told_the_rules_that_it_breaks(folder, known):
    seen = {}
    for check in judged(folder, known).checks:
        found = [
            [each.kind, each.line, each.fields.get("count") or each.text("name")]
            for each in check.findings
            if each.kind.startswith("rule-")
        ]
        assert found or check.verdict.value == "pass", told_check(check)
        seen[check.name] = [check.verdict.value, check.score, found]
    assert seen == json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def test_in_a_class_it_is_told_the_same(known):
    folder = COURSE.root / "golden" / "7.1" / "hidden_name_in_a_copied_dictionary"
    exercise = known("7.1")
    content = (folder / "submission.py").read_bytes()
    handed_in = read_handed_in(exercise.key.exercise.work, content, "submission.py")
    box = make_box("none", modules(exercise))
    try:
        in_turn = judge(exercise, handed_in, InTurn(lambda: box))
    finally:
        box.close()
    assert repr(in_turn.checks) == repr(judged(folder, known).checks)


def test_the_course_is_proved_and_its_wrong_programs_need_no_other_name_than_the_rule(tmp_path):
    done = course("check", cwd=COURSE.root)
    assert (done.returncode, done.stdout.count("✓")) == (0, 4), done.stdout


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("solution.py", "import torch\ndef max_pool(x):\n    return torch.max_pool2d(x[None], 2)[0]\n", "max_pool2d"),
        ("right/unfolded.py", "def max_pool(x):\n    return [max(row) for row in x]\n", "without loops"),
    ],
)  # fmt: skip
def test_the_authors_right_programs_are_held_to_the_rules(tmp_path, old, new, told):
    copy = tmp_path / "course"
    shutil.copytree(COURSE.root, copy, ignore=shutil.ignore_patterns("golden", "7.[234]"))
    (copy / "solutions" / "7.1" / old).write_text(new, encoding="utf-8")
    done = course("check", "7.1", "--lang", "en", cwd=copy)
    assert done.returncode == 1
    assert f"solutions/7.1/{old}: check max_pool does not pass: This exercise is solved" in done.stdout
    assert told in done.stdout


def test_students_are_shown_the_rules_in_words():
    done = course("show", "7.2", "--lang", "en", cwd=COURSE.root)
    _, _, rules = done.stdout.partition("Rules:\n")
    assert rules.splitlines() == [
        "  of names only torch.arange, torch.where, .shape",
        "  without loops: for, while, comprehensions, and functions such as map",
        "  without if",
        "  without classes of your own",
        "  without imports",
        "  statements of a function, with those of the functions that it calls: at most 1",
        "  relu: without indexing",
    ]
    assert "without autograd: derivatives are found by hand" in course("show", "4.6", "--lang", "en", cwd=ROOT).stdout


@pytest.mark.parametrize(("id", "old"), [("7.1", "torch.nn.MaxPool2d"), ("7.3", "numpy.average")])
def test_a_misspelt_name_in_a_rule_is_told(tmp_path, id, old):
    copy = tmp_path / "course"
    others = [folder.name for folder in (COURSE.root / "exercises").iterdir() if folder.name != id]
    shutil.copytree(COURSE.root, copy, ignore=shutil.ignore_patterns("golden", *others))
    file = copy / "exercises" / id / "exercise.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, f"{old}s"), encoding="utf-8")
    done = course("check", id, "--lang", "en", cwd=copy)
    assert done.returncode == 1
    assert f"{old}s is not found, so a rule about it holds nothing [rule-names-nothing]" in done.stdout
