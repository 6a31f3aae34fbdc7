"""What decides a mark has a digest of its own: nothing else moves it, and all of it does."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import frozen_keys
import pytest
from hypothesis import given
from hypothesis import strategies as st
from repository import BEFORE, ROOT, copy_course

from grader.core.compare.kinds.distribution import CompareDistribution
from grader.core.compare.kinds.value import CompareValue
from grader.core.course.checks.author_tests import Tested
from grader.core.course.checks.limits import Limits
from grader.core.course.exercise import Check, Coded, Exercise
from grader.core.course.questions import ChoiceKey, Key, Questions, TextKey
from grader.core.judge import digests
from grader.core.judge.digests import declared_digest, judging_digest, wording_digest
from grader.core.program.features.bare_code import bare_code, bare_text
from grader.core.words.message import Text
from grader.store.course.course_files import find_course


def digest_of(root: Path, id: str) -> tuple[str, str]:
    """Return the judging and the wording digest of an exercise as it lies on disk."""
    files = find_course(root)
    exercise, wrong = files.exercise(id), files.wrong_programs(id)
    return judging_digest(exercise, files.solution(id) or b"", wrong), wording_digest(exercise, wrong)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return copy_course(tmp_path / "course", whole=True)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("exercises/4.5/exercise.yaml", "title:", "# A remark.\ntitle:"),
        ("exercises/4.5/exercise.yaml", "  en: |", "  en: |\n    One more sentence."),
        ("exercises/4.5/exercise.yaml", "repeat: 7", "repeat:  7"),
        ("solutions/4.5/misconceptions.yaml", "The gradients are", "Look: the gradients are"),
    ],
)
def test_words_change_the_wording_alone(course: Path, file: str, old: str, new: str) -> None:
    before = digest_of(course, "4.5")
    change(course / file, old, new)
    after = digest_of(course, "4.5")
    assert after[0] == before[0] and after[1] != before[1]


def test_a_remark_in_the_solution_changes_nothing(course: Path) -> None:
    before, path = digest_of(course, "4.5"), course / "solutions/4.5/solution.py"
    path.write_text("# A remark.\n\n" + path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert digest_of(course, "4.5") == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("exercises/4.5/exercise.yaml", "points: 2", "points: 3"),
        ("exercises/4.5/exercise.yaml", "uniform: [0.5, 3]", "uniform: [0.5, 4]"),
        ("exercises/4.5/exercise.yaml", "repeat: 7", "repeat: 8"),
        ("exercises/4.5/exercise.yaml", "{gradient: w}", "{gradient: x}"),
        ("exercises/4.5/exercise.yaml", "{x: 4, w: 1.0}", "{x: 4.0, w: 1.0}"),
        ("solutions/4.5/solution.py", "0.01", "0.02"),
        ("exercises/4.5/starter.py", "def ", "DONE = False\n\n\ndef "),
    ],
)
def test_what_decides_a_mark_changes_the_judging_digest(course: Path, file: str, old: str, new: str) -> None:
    before = digest_of(course, "4.5")
    change(course / file, old, new)
    assert digest_of(course, "4.5")[0] != before[0]


def test_a_wrong_program_and_its_name_decide_which_mistakes_are_named(course: Path) -> None:
    seen = {digest_of(course, "4.4")[0]}
    path = course / "solutions/4.4/wrong/data-swapped.py"
    text = path.read_text(encoding="utf-8")
    # All copies of the course share this file.
    path.unlink()
    path.write_text(text + "\nspare = 1\n", encoding="utf-8")
    seen.add(digest_of(course, "4.4")[0])
    path.rename(path.with_name("data-exchanged.py"))
    change(course / "solutions/4.4/misconceptions.yaml", "data-swapped", "data-exchanged")
    seen.add(digest_of(course, "4.4")[0])
    assert len(seen) == 3


def test_a_test_counts_by_its_name_and_its_code() -> None:
    exercise = find_course(BEFORE).exercise("9.3")
    assert isinstance(exercise.work, Tested)
    (file,) = exercise.work.files

    def digest(**changes: object) -> str:
        work = replace(exercise.work, files=(replace(file, **changes),))  # type: ignore[type-var]
        return judging_digest(replace(exercise, work=work), b"", ())

    assert digest(text=file.text + "\n# A remark.\n", shown="elsewhere/test_means.py") == digest()
    assert (
        len({digest(), digest(text=file.text + "spare = 1\n"), digest(name="test_other.py"), digest(public=True)}) == 4
    )


def test_no_kind_of_value_in_the_shipped_course_lacks_a_word() -> None:
    files = find_course(ROOT)
    assert len({digest_of(ROOT, id)[0] for id in files.exercise_ids()}) == len(files.exercise_ids())


def test_a_value_without_a_word_is_refused_and_never_written_by_its_class() -> None:
    @dataclass(frozen=True)
    class Unheard:
        name: str = "x"

    exercise = find_course(BEFORE).exercise("9.2")
    with pytest.raises(TypeError, match="Unheard has no word in keys yet"):
        judging_digest(replace(exercise, work=Unheard()), b"", ())  # type: ignore[arg-type]


def test_a_new_field_that_has_its_default_moves_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class LimitsOfTomorrow(Limits):
        processes: int = 1

    exercise = find_course(BEFORE).exercise("9.2")
    assert isinstance(exercise.work, Coded)
    (check,) = exercise.work.checks
    monkeypatch.setattr(digests, "_WORDS", {**digests._WORDS, LimitsOfTomorrow: "limits"})

    def with_limits(limits: Limits) -> Exercise:
        values = {each.name: getattr(check, each.name) for each in fields(check)}
        changed = type(check)(**{**values, "limits": limits})
        return replace(exercise, work=replace(exercise.work, checks=(changed,)))  # type: ignore[type-var]

    now = judging_digest(with_limits(Limits(wall=3.0)), b"", ())
    assert judging_digest(with_limits(LimitsOfTomorrow(wall=3.0)), b"", ()) == now
    assert judging_digest(with_limits(LimitsOfTomorrow(wall=3.0, processes=2)), b"", ()) != now


def test_what_is_declared_leaves_out_the_files_beside_it(course: Path) -> None:
    before = declared_digest(find_course(course).exercise("4.5"))
    change(course / "exercises/4.5/starter.py", "def ", "DONE = False\n\n\ndef ")
    assert declared_digest(find_course(course).exercise("4.5")) == before
    change(course / "exercises/4.5/exercise.yaml", "points: 2", "points: 3")
    assert declared_digest(find_course(course).exercise("4.5")) != before


def test_the_keys_of_the_shipped_course_are_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What moves here would judge whole classes again: see tests/support/frozen_keys.py before it is frozen again."""
    assert frozen_keys.keys(find_course(ROOT)) == json.loads(frozen_keys.FROZEN.read_text(encoding="utf-8"))


# --- Code without comments ---


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = 1  # one\n\n\ny = 2   \n", "x = 1\ny = 2"),
        ("# only a remark\n", ""),
        ('x = "# no remark"  # a remark\n', 'x = "# no remark"'),
        ("x = '#' + \"it's\"  # a remark\n", "x = '#' + \"it's\""),
        ('x = """one  \n\n# two\n"""  # a remark\n', 'x = """one  \n\n\n\n# two\n\n"""'),
        ("x = f'{1}#{2}'  # a remark\n", "x = f'{1}#{2}'"),
        ("x = (1,  # one\n     2)\n", "x = (1,\n     2)"),
        ("s = 'a\\\n  b'  # a remark\n", "s = 'a\\\n\n  b'"),
        ("x = 1\r\n# a remark\r\ny = 2\r\n", "x = 1\ny = 2"),
        ("def f():\n    # a remark\n    return 1\n", "def f():\n    return 1"),
        ("x = 'cannot be read  # stays\n", "x = 'cannot be read  # stays\n"),
        ('if x\n    y  # is no "remark"\n', "if x\n    y"),
    ],
)
def test_code_is_what_is_left_without_comments_and_blanks(text: str, code: str) -> None:
    assert bare_code(text.encode()) == code


def test_blanks_in_a_string_count() -> None:
    assert len({bare_text(f'x = """a{blank}\nb"""\n') for blank in ("", " ", "\n", "  ")}) == 4


@pytest.mark.skipif(sys.version_info < (3, 12), reason="NOT TESTED HERE: before Python 3.12 that is not Python")
def test_what_is_in_an_f_string_stays_where_newer_python_finds_a_comment_in_it() -> None:
    assert bare_text('x = f"""{1  # one\n}"""  # a remark\n').startswith('x = f"""{1  # one')


def test_bytes_that_are_no_text_count_byte_for_byte() -> None:
    assert bare_code(b"\xff\xfe\x00#") != bare_code(b"\xff\xfe\x00")


def test_the_code_of_a_file_does_not_depend_on_the_version_of_python() -> None:
    """The digest below was taken with Python 3.11, and holds with every other one."""
    files = [ROOT / "solutions" / "4.6" / "right" / "chain_rule_in_steps.py", BEFORE / "solutions/9.2/solution.py"]
    code = "\n".join(bare_code(file.read_bytes()) for file in files)
    assert hashlib.sha256(code.encode()).hexdigest()[:16] == "53cb86926034095a"


@given(st.lists(st.sampled_from(["x = 1", "# remark", "", "y = 'a # b'", "  ", 'z = """', "q = f'{x}#'"]), max_size=8))
def test_taking_comments_away_twice_takes_no_more_away(lines: list[str]) -> None:
    once = bare_text("\n".join(lines))
    try:
        compile(once, "", "exec")
    except SyntaxError:
        return
    if '"""' not in once:
        assert bare_text(once) == once


def test_a_remark_may_be_added_anywhere_outside_of_strings() -> None:
    add: Callable[[str], str] = lambda text: "\n".join(f"{line}  # remark" for line in text.split("\n"))  # noqa: E731
    for path in sorted((ROOT / "solutions").glob("4.*/solution.py")):
        text = path.read_text(encoding="utf-8")
        if '"""' not in text:
            assert bare_text(add(text)) == bare_text(text), path


def test_a_rule_of_its_own_moves_the_digest_of_exercises_that_say_it_and_of_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn, computed = Check("drawn", 1, compare=(CompareDistribution(200),)), Check("c", 1, compare=(CompareValue(),))

    def both() -> list[str]:
        works = [Coded(b"", (check,)) for check in (drawn, computed)]
        return [judging_digest(Exercise("1.1", Text(()), Text(()), work, b"", True), b"", ()) for work in works]

    before = both()
    monkeypatch.setattr(CompareDistribution, "rule", CompareDistribution.rule + 1)
    assert [now == earlier for now, earlier in zip(both(), before, strict=True)] == [False, True]


def test_the_rule_of_texts_moves_the_digest_of_exercises_that_accept_a_text_and_of_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def both() -> list[str]:
        keys: tuple[Key, ...] = (TextKey(("4",)), ChoiceKey(("four",)))
        works = [Questions((), {"q": key}) for key in keys]
        return [judging_digest(Exercise("1.1", Text(()), Text(()), work, b"", True), b"", ()) for work in works]

    before = both()
    monkeypatch.setattr(TextKey, "rule", TextKey.rule + 1)
    assert [now == earlier for now, earlier in zip(both(), before, strict=True)] == [False, True]
