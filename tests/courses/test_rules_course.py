"""Every golden submission of the course about rules is told the rules that it breaks, and where.

`expected.json` holds of each check the verdict, the score, and of each finding the kind, the line (of the cell, in a
notebook) and what it names.
"""

import json
from pathlib import Path

import pytest

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
