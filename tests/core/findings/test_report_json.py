"""Reports as JSON: what programs read, what is kept, and what is read again, of this format and of the one before."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from catalogues import LANGUAGES
from finding_docs import DOCS, SCHEMA, docs, schema
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import ROOT

from grader.core.findings.recorded import NotAReport, read_report
from grader.core.findings.report_json import as_json, as_kept
from grader.core.findings.telling import told, told_check
from grader.core.findings.vocabulary import FIELDS
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, NamedMisconception, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.message import Text, say
from grader.store.machine.catalogues import translation, translations

FORMAT_1 = json.loads(Path(__file__).with_name("format_1.json").read_text(encoding="utf-8"))
HINT = finding("author-hint", text=Text.of({"en": "Think of w.grad.", "uz": "w.grad haqida oʻylang."}))
ROWS = (
    finding("step-around", step=2, quantity="gradient", inputs=(("x", "2"),), actual=-1.0, expected=-1.0),
    finding("step-that-differs", step=3, quantity="gradient", inputs=(("x", "3"),), actual=math.nan),
)
WHOLE = Report(
    "4.5",
    "s001",
    "full",
    False,
    (
        CheckResult("forward", RunStatus.COMPLETED, Verdict.PASS, 2.0),
        CheckResult("loss", RunStatus.SANDBOX_FAILED, Verdict.VOID, 2.0, (finding("void", detail="no box"),)),
        CheckResult(
            "loop",
            RunStatus.COMPLETED,
            Verdict.FAIL,
            4.0,
            (
                finding("step-parameter", quantity="parameter", step=3, steps=30, actual=1.5, accepted=(1.0, 1.25)),
                finding("first-difference", quantity="gradient", step=3, rows=ROWS),
                finding("raised", file="w.ipynb", cell=2, line=5, code="x", type="E", words="no"),
                finding("likely-cause", causes=("gradient-not-zeroed",)),
            ),
            (NamedMisconception("gradient-not-zeroed", HINT, (("w", "y"),)),),
            0.5,
        ),
    ),
    (finding("jupyter-only", file="w.ipynb", parts=(finding("line-of-cell", cell=1, line=2, code="%cd"),), count=3),),
)


def said(report: Report, language: str) -> list[str]:
    translate = translation(language)
    return [sentence.said(translate, language) for check in report.checks for sentence in told_check(check)]


class TestJson:
    def test_keeps_every_key_of_format_1_and_says_the_findings_beside_them(self) -> None:
        written = as_json(WHOLE, str, "en")
        assert (written["format_version"], written["score"], written["max_score"]) == (2, None, 8.0)
        loop = written["checks"][2]
        assert (loop["verdict"], loop["score"], loop["status"]) == ("fail", 0.5, "completed")
        assert loop["message"].splitlines()[0] == (
            "Before backward call 3 of 30 the parameter is 1.5; expected 1 … 1.25. So the update after call 2 is wrong."
        )
        assert loop["message"] == "\n".join(each["message"] for each in loop["findings"])
        assert (loop["misconceptions"][0]["name"], loop["misconceptions"][0]["hint"]) == (
            "gradient-not-zeroed",
            "Think of w.grad.",
        )
        assert loop["findings"][0] == {
            "kind": "step-parameter",
            "quantity": "parameter",
            "step": 3,
            "steps": 30,
            "actual": 1.5,
            "accepted": [1.0, 1.25],
            "message": loop["message"].splitlines()[0],
        }
        assert written["notices"][0].startswith("w.ipynb: lines that only Jupyter understands were not run")

    def test_is_json_to_the_letter_whatever_came_out(self) -> None:
        text = json.dumps(as_json(WHOLE, str, "en"), allow_nan=False)
        assert '"actual": "NaN"' in text

    def test_is_what_its_schema_says(self) -> None:
        jsonschema.validate(as_json(WHOLE, str, "en"), schema())
        jsonschema.validate(as_kept(WHOLE, translations()), schema())

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_in_the_language_of_the_call(self, language: str) -> None:
        written = as_json(WHOLE, translation(language), language)
        # What is printed begins with the cause; the findings stay in their order.
        printed = "\n".join(said(WHOLE, language)[1:]).split("\n")
        assert sorted(written["checks"][2]["message"].split("\n")) == sorted(printed)
        assert printed[0].startswith({"en": "Likely cause", "uz": "Ehtimoliy sababi"}[language])

    def test_bounds_and_cleans_what_a_program_wrote(self) -> None:
        strange = "\x1b[31m\u202e" + "a" * 10_000
        many = tuple(finding("raised", type=strange, words=strange) for _ in range(500))
        check = CheckResult("loop", RunStatus.CRASHED, Verdict.ERROR, 1.0, many)
        written = as_json(replace(WHOLE, checks=(check,)), str, "en")["checks"][0]["findings"]
        assert len(written) == 100 and all(len(each["words"]) <= 4000 for each in written)
        assert "\x1b" not in json.dumps(written) and "\\u202e" not in json.dumps(written)


class TestTheDocs:
    def test_list_every_kind_and_every_field_as_they_are(self) -> None:
        assert DOCS.read_text(encoding="utf-8") == docs(), "run: .venv/bin/python tests/support/finding_docs.py"

    def test_have_the_schema_as_it_is(self) -> None:
        assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema(), "run: tests/support/finding_docs.py"

    def test_name_every_key_of_a_report(self) -> None:
        page = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
        written = as_json(WHOLE, str, "en")
        keys = {*written, *written["checks"][0], *written["checks"][2]["misconceptions"][0]}
        assert [key for key in keys if f"`{key}`" not in page] == []

    def test_show_reports_that_are_such(self) -> None:
        page = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
        examples = [json.loads(part.partition("```")[0]) for part in page.split("```json\n")[1:]]
        reports = [each for each in examples if "checks" in each]
        assert reports
        for each in reports:
            jsonschema.validate(each, schema())
            assert as_json(read_report(each), str, "en") == each


class TestWhatIsKept:
    def test_is_read_again_as_it_was(self) -> None:
        assert read_report(json.loads(json.dumps(as_kept(WHOLE, translations())))) == WHOLE

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_told_in_the_language_of_whoever_reads_it(self, language: str) -> None:
        assert said(read_report(as_kept(WHOLE, translations())), language) == said(WHOLE, language)

    def test_keeps_a_sentence_that_is_no_finding_of_ours_in_every_language(self) -> None:
        void = finding("void", detail=say("{needed} must be judged first", needed="loss"))
        check = CheckResult("loop", RunStatus.SANDBOX_FAILED, Verdict.VOID, 4.0, (void,))
        kept = read_report(as_kept(replace(WHOLE, checks=(check,)), translations()))
        assert "avval loss tekshiruvini baholash kerak" in said(kept, "uz")[0]
        assert "loss must be judged first" in said(kept, "en")[0]

    def test_of_a_later_kind_is_told_in_english_and_of_a_later_field_is_told_without(self) -> None:
        kept = as_kept(WHOLE, translations())
        kept["checks"][2]["findings"] = [
            {"kind": "of-later", "message": "Something new.", "step": 3, "colour": {"deep": [[[[]]]]}},
            {"kind": "crashed", "signal": "SIGSEGV", "colour": [1]},
        ]
        report = read_report(kept)
        assert said(report, "uz")[1:] == ["Something new.", "Dastur ishdan chiqdi (SIGSEGV)."]
        assert report.checks[2].findings[0].step == 3


class TestFormat1:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("kept", FORMAT_1["gradebook"], ids=lambda kept: f"{kept['exercise']}-{kept['score']}")
    def test_a_kept_report_is_shown_as_it_was_written(self, kept: dict[str, Any], language: str) -> None:
        report = read_report(kept)
        assert (report.score, report.max_score, report.status.value) == (
            kept["score"],
            kept["max_score"],
            kept["status"],
        )
        for check, old in zip(report.checks, kept["checks"], strict=True):
            texts = [old["message"][language], old["cause"][language]]
            sentences = [sentence.said(str, language) for sentence in told_check(check)]
            assert sentences == [text for text in texts if text]
            hints = [(cause.name, told(cause.hint).said(str, language)) for cause in check.causes]
            assert hints == [(named["name"], named["hint"][language]) for named in old["misconceptions"]]

    def test_a_report_beside_a_submission_has_one_language(self) -> None:
        kept = FORMAT_1["submission_in_uzbek"]
        report = read_report(kept)
        assert said(report, "en") == [check["message"] for check in kept["checks"] if check["message"]]
        assert report.checks[2].causes[0].name == "gradient-not-zeroed"

    def test_is_written_as_format_2(self) -> None:
        for kept in FORMAT_1["gradebook"]:
            written = as_json(read_report(kept), translation("uz"), "uz")
            jsonschema.validate(written, schema())
            assert as_json(read_report(written), translation("uz"), "uz") == written


def places(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


def changed(content: Any, path: tuple[str | int, ...], value: object) -> Any:
    if not path:
        return value
    copy = json.loads(json.dumps(content))
    at = copy
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return copy


KEPT = as_kept(WHOLE, translations())
QUICK = settings(deadline=None, derandomize=True)


class TestAForgedReport:
    @pytest.mark.parametrize(
        "kept",
        [
            None, [], 7, "x", {}, {"format_version": 3}, {**KEPT, "format_version": 2.0},
            {**KEPT, "format_version": True}, {**KEPT, "checks": {}}, {**KEPT, "checks": [1]},
            {**KEPT, "checks": KEPT["checks"] * 1000},
            {**KEPT, "exercise": "x" * 100_000},
        ],
        ids=range(12),
    )  # fmt: skip
    def test_is_refused(self, kept: object) -> None:
        with pytest.raises(NotAReport):
            read_report(kept)

    @pytest.mark.parametrize(
        "found",
        [
            {}, {"kind": 1}, {"kind": "raised", "line": "3"}, {"kind": "raised", "line": 1e300}, {"kind": "x" * 999},
            {"kind": "raised", "line": True}, {"kind": "syntax", "caret": 10**30}, {"kind": "value", "accepted": [1]},
            {"kind": "raised", "words": "x" * 100_000}, {"kind": "first-difference", "rows": [{"kind": "x"}] * 999},
            {"kind": "value", "inputs": [["x"]]}, {"kind": "value", "actual": "Infinity"},
            {"kind": "raised", "words": None},
        ],
        ids=range(13),
    )  # fmt: skip
    def test_with_fields_of_another_type_or_size_is_refused(self, found: object) -> None:
        with pytest.raises(NotAReport):
            read_report(changed(KEPT, ("checks", 2, "findings"), [found]))

    def test_with_findings_in_findings_without_end_is_refused(self) -> None:
        found: dict[str, Any] = {"kind": "other-language"}
        for _ in range(5000):
            found = {"kind": "other-language", "fault": found}
        with pytest.raises(NotAReport):
            read_report({**KEPT, "notice_findings": [found]})

    def test_with_a_caret_a_million_columns_away_is_told_within_bounds(self) -> None:
        report = read_report({**KEPT, "notice_findings": [{"kind": "syntax", "caret": 10**9}]})
        assert len(told(report.notices[0]).said(str)) < 1000

    @QUICK
    @given(
        st.sampled_from(list(places(KEPT))),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
            max_leaves=5,
        ),
    )
    def test_is_refused_or_told_whatever_stands_in_one_place_of_it(
        self, path: tuple[str | int, ...], value: object
    ) -> None:
        try:
            report = read_report(changed(KEPT, path, value))
        except NotAReport:
            return
        json.dumps(as_json(report, translation("uz"), "uz"), allow_nan=False)

    @QUICK
    @given(st.dictionaries(st.sampled_from(["kind", "message", *FIELDS]), st.none() | st.text() | st.integers()))
    def test_findings_are_refused_or_told_whatever_is_in_them(self, found: dict[str, object]) -> None:
        try:
            report = read_report({**KEPT, "notice_findings": [found]})
        except NotAReport:
            return
        assert all(isinstance(notice, Finding) and told(notice).said(str) is not None for notice in report.notices)
