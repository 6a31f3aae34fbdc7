"""Findings are told in the reader's language, by one sentence for each kind, whatever a field holds."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from catalogues import LANGUAGES
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.compare.kinds import COMPARISONS
from grader.core.findings.kinds import (
    answers,
    exceptions,
    general,
    graphs,
    mistakes,
    patterns,
    programs,
    runs,
    tests,
)
from grader.core.findings.telling import fields_of, kinds, told, told_check
from grader.core.findings.vocabulary import FIELDS, Type
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, NamedMisconception, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.message import Text
from grader.store.machine.catalogues import translation

TABLES = (general, runs, programs, tests, answers, mistakes, patterns, exceptions, graphs)
# Every kind with the fields that some version of the grader has written. Reports with them lie in gradebooks: nothing
# is ever taken out of this file.
FROZEN: dict[str, list[str]] = json.loads(Path(__file__).with_name("kinds.json").read_text(encoding="utf-8"))
VALUES: dict[Type, object] = {
    Type.TEXT: "w",
    Type.WORDS: Text.of({"en": "author", "uz": "muallif"}),
    Type.WHOLE: 3,
    Type.NUMBER: 1.5,
    Type.INTERVAL: (1.0, 2.0),
    Type.WHOLES: (0, 2),
    Type.TEXTS: ("a", "b"),
    Type.PAIRS: (("x", "4"),),
    Type.FINDING: finding("no-code", file="w.ipynb"),
    Type.FINDINGS: (finding("step-around", step=3, quantity="loss", actual=1.0),),
}


KINDS = kinds()


def whole(kind: str) -> Finding:
    return finding(kind, **{name: VALUES[FIELDS[name][0]] for name in fields_of(kind)})


def checked(*findings: Finding, causes: tuple[NamedMisconception, ...] = ()) -> CheckResult:
    return CheckResult("loop", RunStatus.COMPLETED, Verdict.FAIL, 1.0, findings, causes)


def test_no_kind_is_in_two_tables() -> None:
    ours = [kind for each in TABLES for kind in each.SENTENCES]
    reasons = {reason for each in COMPARISONS.kinds for reason in each.reasons}
    assert len(set(ours)) == len(ours) and not set(ours) & reasons


def test_a_reason_that_several_comparisons_give_has_one_sentence() -> None:
    given = {(reason, each.reasons[reason].template) for each in COMPARISONS.kinds for reason in each.reasons}
    assert len(given) == len({reason for reason, _ in given})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_made_of_fields_that_have_a_type(kind: str) -> None:
    assert fields_of(kind) <= set(FIELDS)


def test_every_field_is_one_of_some_kind() -> None:
    used = {name for kind in KINDS for name in fields_of(kind)}
    assert set(FIELDS) - used <= {"result", "parts"}


def test_a_kind_once_written_stays_with_its_fields() -> None:
    gone = {kind for kind, fields in FROZEN.items() if kind not in KINDS or not set(fields) <= fields_of(kind)}
    assert not gone, "reports with these lie in gradebooks: give what is new a kind of its own"


def test_every_kind_is_frozen() -> None:
    missing = {kind: sorted(fields_of(kind)) for kind in KINDS if sorted(fields_of(kind)) != FROZEN.get(kind)}
    assert not missing, f"add to kinds.json: {json.dumps(missing)}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_whole_in_every_language(kind: str, language: str) -> None:
    cause = NamedMisconception("name", finding("sign-flipped-whole"))
    (sentence,) = told_check(checked(whole(kind), causes=(cause,)))
    words = sentence.said(translation(language), language)
    assert words and not re.search(r"\{\w*\}|Finding\(", words)


@pytest.mark.parametrize("kind", KINDS)
def test_a_finding_without_its_fields_is_still_told(kind: str) -> None:
    assert isinstance(told(Finding(kind)).said(str), str)


def test_the_sentence_of_a_kind_that_is_not_known_is_the_one_that_was_kept() -> None:
    later = finding("of-a-later-version", message="Something new.")
    assert told(later).said(translation("uz"), "uz") == "Something new."


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"file": "w.py", "line": 3}, "w.py:3"),
        ({"file": "w.py"}, "w.py"),
        ({"file": "a.yaml", "line": 2, "column": 7}, "a.yaml:2:7"),
        ({"file": "w.ipynb", "cell": 4, "line": 1}, "w.ipynb, cell 4, line 1"),
    ],
)
def test_a_place_is_told_as_people_write_it(place: dict[str, object], said: str) -> None:
    assert told(finding("raised", **place, type="ValueError")).said(str).startswith(f"{said}: ValueError")


def test_several_causes_are_one_sentence_and_at_most_three_are_told() -> None:
    causes = tuple(NamedMisconception(name, finding("author-hint", text=f"h{name}")) for name in "abcd")
    (sentence,) = told_check(checked(finding("likely-cause", causes=tuple("abcd")), causes=causes))
    assert sentence.said(str) == "Likely cause (a): ha\n  Or (b): hb\n  Or (c): hc"


@pytest.mark.parametrize(
    ("first", "word"),
    [(finding("other-epochs", found="100", expected=10.0), "Also"), (finding("all-signs-flipped"), "Or")],
)
def test_what_is_true_together_is_no_alternative(first: Finding, word: str) -> None:
    other = finding("other-rate", found="0.1", expected=0.01)
    causes = (NamedMisconception("a", first), NamedMisconception("b", other))
    (sentence,) = told_check(checked(finding("likely-cause", causes=("a", "b")), causes=causes))
    assert f"\n  {word} (b): " in sentence.said(str)


def test_findings_that_say_the_same_are_equal_even_of_what_is_not_a_number() -> None:
    assert finding("value", actual=float("nan")) == finding("value", actual=float("nan"))


@settings(deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(
        st.sampled_from(sorted(FIELDS)),
        st.one_of(
            st.text(max_size=20), st.integers(), st.floats(), st.just(math.nan), st.tuples(st.integers(), st.text())
        ),
    ),
)
def test_no_field_of_another_type_breaks_the_telling(kind: str, fields: dict[str, object]) -> None:
    assert isinstance(told(Finding(kind, fields)).said(str), str)
