"""The page of one submission: what it shows of a judgement, that it runs and loads nothing, and how it is come by."""

from __future__ import annotations

import math
import re
import struct
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from browsing import HOSTILE, Parsed, measured
from catalogues import LANGUAGES, collected
from driving import Browser
from grading import DEMO, Class

from grader.actions.student.judgement import Judgement
from grader.actions.student.submission import Submission
from grader.actions.student.typed import TYPED
from grader.cli.printing.output import print_graph
from grader.core.course.exercise import Coded, Exercise
from grader.core.findings.telling import told as told_as
from grader.core.report.evidence import Drawing, DrawnEdge, DrawnNode, Evidence, PrintedRow, Printout, Series
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, NamedMisconception, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.message import Text
from grader.integrations.pages.curves import min_max_decimation
from grader.integrations.pages.feedback_page import feedback_page
from grader.integrations.pages.graphs import graph_plot
from grader.integrations.pages.layout import layout
from grader.integrations.pages.tall_graphs import tall_graph
from grader.store.machine.catalogues import translation
from grader.store.students.submissions import newest_submission, record_submission

CRASHING = DEMO["right"].replace("loss(forward(soat), baho)", "loss(forward(soat), baho).item()")
LONG = tuple(math.exp(-step / 900) for step in range(5000))


def row(step: int, inputs: tuple[tuple[str, str], ...], differs: bool = False, **numbers: float) -> Finding:
    return finding("step-that-differs" if differs else "step-around", step=step, inputs=inputs, **numbers)


def departing(*rows: Finding, quantity: str = "gradient") -> Finding:
    marked = next((row.step for row in rows if row.kind == "step-that-differs"), 1)
    return finding("first-difference", quantity=quantity, step=marked, rows=rows)


ROWS = departing(
    row(1, (("x", "1"), ("y", "2")), actual=-2.0, expected=-2.0),
    row(2, (("x", "2"), ("y", "4")), differs=True, actual=-9.84, expected=-7.84),
)
CURVES = (
    Series("loss", (1.0, 3.84, 7.3), (1.0, 3.84, 6.7)),
    Series("gradient", (-2.0, -7.84, -16.2), (-2.0, -9.84, -25.7), 1),
    Series("parameter", (1.0, 1.02, 1.1), (1.0, 1.02, 1.12)),
)
GRAPH = Drawing(
    "loss",
    (
        DrawnNode("x", "", 2.0, None),
        DrawnNode("y", "", 4.0, None),
        DrawnNode("w", "", 1.0, None, None, -4.0),
        DrawnNode("y_hat", "x * w", 2.0, None),
        DrawnNode("s", "y_hat - y", None, None, 3.0),
        DrawnNode("loss", "s ** 2", 4.0, 1.0),
    ),
    (
        DrawnEdge("x", "y_hat"),
        DrawnEdge("w", "y_hat"),
        DrawnEdge("y_hat", "s"),
        DrawnEdge("y", "s"),
        DrawnEdge("s", "loss", broken=True),
    ),
)

PRINTED = Printout(
    (PrintedRow("grad: -2.0", "-2"), PrintedRow("grad: <0.0>", "-7.84"), PrintedRow(None, "1.5")),
    1, after=3, inputs=(("x", "[1, 2]"),),
)  # fmt: skip
languages = pytest.mark.parametrize("language", LANGUAGES)


def judgement(
    evidence: tuple[Evidence, ...] = CURVES, source: str | bytes = "a = 1\nb = 2\nc = 3\n",
    drawing: Drawing | None = None, text: str = "forward", shown: str = "4.5.py", rows: Finding = ROWS, line: int = 2,
) -> Judgement:  # fmt: skip
    named = NamedMisconception(text, finding("as-written", text=text))
    raised = finding("ends-itself-here", file=shown, line=line, code=text)
    result = CheckResult(text, RunStatus.COMPLETED, Verdict.FAIL, 2.0, (raised, rows), (named,), 0.0, evidence)
    exercise = Exercise("4.5", Text.of({"en": text, "uz": text}), Text.of({}), Coded(b"", ()), b"", False)
    content = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    report = Report("4.5", text, "full", True, (result,))
    return Judgement(exercise, Submission(content, ".py", shown), report, drawing)


def page(judged: Judgement, language: str = "en") -> str:
    return feedback_page(judged, translation(language), language)


def code_of(page: str) -> str:
    """Return the text of the source as a page shows it, without what is said of its lines."""
    return Parsed(re.sub(r'<span class="remark".*?</span>', "", page, flags=re.DOTALL)).text


def with_curve(expected: tuple[float, ...], actual: tuple[float, ...], departure: int | None = None) -> str:
    return page(judgement((Series("loss", expected, actual, departure),)))


def hostile_pages() -> list[str]:
    curves = tuple(Series(HOSTILE, one.expected, one.actual, one.departure) for one in CURVES)
    rows = departing(row(1, ((HOSTILE, HOSTILE),), True, actual=math.nan, expected=math.inf), quantity=HOSTILE)
    printed = Printout((PrintedRow(HOSTILE, HOSTILE),), 0, inputs=((HOSTILE, HOSTILE),))
    nodes = (DrawnNode(HOSTILE, "", 1.0, 1.0), DrawnNode("z", HOSTILE, math.inf, None, math.nan))
    drawing = Drawing(HOSTILE, nodes, (DrawnEdge(HOSTILE, "z", broken=True),))
    link = "javascript:alert(1)"
    return [
        page(judgement((*curves, printed), f"{HOSTILE}\n{link}\n", drawing, HOSTILE, f"{HOSTILE}.py", rows, 1)),
        page(judgement(curves, b"\xff\x00" + HOSTILE.encode() * 50_000, drawing, link, link, rows, 1)),
    ]


class TestWhatAStudentSees:
    def test_verdict_message_hint_and_score(self) -> None:
        told = " ".join(Parsed(page(judgement(text="look here"))).text.split())
        assert "Score: 0 of 2 · look here" in told
        assert (
            "look here not right 0 / 2 4.5.py:2: the program exits here: look here look here – look here 4.5.py:2"
            in told
        )

    def test_the_line_that_is_to_blame_is_marked_and_linked(self) -> None:
        parsed = Parsed(page(judgement()))
        assert "#line2" in parsed.attributes("href")
        assert [attributes for tag, attributes in parsed.elements if tag == "mark"] == [{"id": "line2"}]

    def test_what_is_said_of_a_line_stands_below_it_and_says_not_where_it_is(self) -> None:
        shown = re.search(
            r'<mark id="line2">b = .*?</mark><span class="remark".*?>(.*?)</span>', page(judgement()), re.S
        )
        assert shown and Parsed(shown[1]).text == "forward the program exits here: forward"

    def test_the_loop_that_lacks_zeroing_is_marked_though_no_finding_names_its_line(self) -> None:
        named = NamedMisconception("gradient-not-zeroed", finding("as-written", text="Zero it."))
        check = CheckResult("loop", RunStatus.COMPLETED, Verdict.FAIL, 2.0, (ROWS,), (named,))
        given = judgement(source=DEMO["not_zeroed"])
        text = page(replace(given, report=replace(given.report, checks=(check,))))
        assert re.search(
            r'<mark id="line18">.*</mark><span class="remark".*gradient-not-zeroed.* Zero it\.</span>', text, re.S
        )
        assert 'href="#line18">Begin with line 18.' in text and 'href="#line18"><bdi>4.5.py:18' in text

    def test_a_check_to_begin_with_is_told_from_the_words_around_it(self) -> None:
        given = judgement(source="a = 1\n")
        check = CheckResult("loss", RunStatus.COMPLETED, Verdict.FAIL, 2.0, ())
        assert "<li>Begin with: <code>loss</code></li>" in page(
            replace(given, report=replace(given.report, checks=(check,)))
        )

    def test_code_has_colours(self) -> None:
        text = page(judgement(source="def f(x):\n    return 'a' + 1  # <why>\n", line=9))
        for part in ('"tk">def', '"tf">f', '"ts">&#39;', '"tn">1', '"tc"># &lt;why&gt;'):
            assert part in text

    def test_the_page_ends_with_what_to_do_next(self) -> None:
        told = " ".join(Parsed(page(judgement())).text.split())
        assert told.endswith(
            "course watch 4.5 If you are stuck, get the next hint: course hint 4.5 Then hand it in: course submit 4.5"
        )
        given = judgement(source="a = 1\n")
        right = replace(given, report=replace(given.report, checks=()))
        assert Parsed(page(right)).text.strip().endswith("See which exercises are left: course list")

    def test_the_source_is_shown_whole_with_a_number_for_each_line(self) -> None:
        source = "".join(f"x{number} = {number}  # ʻ ŷ\n" for number in range(3000))
        text = page(judgement(source=source))
        parsed = Parsed(text)
        assert source in code_of(text)
        assert len([tag for tag, _ in parsed.elements if tag in ("i", "mark")]) == 3000

    def test_a_line_beyond_the_file_is_not_linked(self) -> None:
        parsed = Parsed(page(judgement(line=99)))
        assert "#line99" not in parsed.attributes("href")

    def test_typed_answers_have_no_source(self) -> None:
        assert "handed in" not in Parsed(page(judgement(shown=TYPED))).text

    def test_the_step_that_differs_first_stands_out_in_the_table_and_not_by_colour_alone(self) -> None:
        lines = Parsed(page(judgement())).lines
        assert lines[0] == ["step", "x", "y", "expected", "yours"]
        assert lines[1:] == [["1", "1", "2", "−2", "−2"], ["▸ 2", "2", "4", "−7.84", "−9.84"]]
        assert "gradient: step 2 differs first" in Parsed(page(judgement())).text

    def test_what_is_a_table_is_not_told_once_more_in_words(self) -> None:
        assert "→ step 2" not in page(judgement()) and "→ step 2" in told_as(ROWS).said(str)

    def test_what_was_printed_stands_beside_what_is_asked_for_and_is_not_told_once_more_in_words(self) -> None:
        row = finding("printed-line-that-differs", printed="grad: <0.0>", asked="-7.84")
        html = page(judgement((PRINTED,), rows=finding("printed-beside", rows=(row,))))
        assert '<tr class="differs"><td>▸ <bdi>grad: &lt;0.0&gt;</bdi></td><td>-7.84</td></tr>' in html
        assert "What is printed with x = [1, 2]" in html and html.count("grad: &lt;0.0&gt;") == 1
        assert "3 lines more" in html and "0 lines more" not in html

    def test_what_was_printed_is_told_in_words_where_it_was_not_kept(self) -> None:
        row = finding("printed-line-that-differs", printed="grad: 0.0", asked="-7.84")
        assert "grad: 0.0  -7.84" in page(judgement((), rows=finding("printed-beside", rows=(row,))))

    def test_a_step_that_only_one_of_the_two_has_is_a_dash(self) -> None:
        rows = departing(row(7, (), True, expected=3.0), row(8, (("x", "1"),), actual=math.inf))
        lines = Parsed(page(judgement(rows=rows))).lines
        assert lines[1:] == [["▸ 7", "—", "3", "—"], ["8", "1", "—", "inf"]]

    def test_each_curve_is_a_plot_with_a_text_in_its_place_and_the_departure_on_it(self) -> None:
        text = page(judgement())
        plots = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
        labels = [unescape(label) for plot in plots for label in re.findall(r'aria-label="(.*?)"', plot)]
        assert [label.partition(" ")[0] for label in labels] == ["loss", "gradient", "parameter"]
        assert [">step 2<" in plot for plot in plots] == [False, True, False]
        assert labels[1] == (
            "gradient over the steps: expected and yours. Expected goes from -2 to -16.2. Yours goes from -2 to -25.7. "
            "They differ first at step 2: expected -7.84, yours -9.84."
        )

    def test_the_graph_has_values_gradients_the_wrong_answers_and_the_lost_edge(self) -> None:
        text = page(judgement(drawing=GRAPH))
        plot, _ = re.findall(r"<svg.*?</svg>", text.partition("<details>")[0], re.DOTALL)
        texts = [unescape(found) for found in re.findall(r"<text[^>]*>(.*?)</text>", plot)]
        for told in ("ŷ", "x·w", "s²", "✗ 3", "∂loss/∂s = ?", "∂loss/∂w = ✗ −4", "∂loss/∂ŷ = ?", "4", "∂s/∂ŷ"):
            assert told in texts
        assert plot.count("stroke-dasharray") >= 1
        told = Parsed(text).text
        for legend in ("perhaps missing", "your answer, which is not right", "not told yet", "below it: ∂loss/∂"):
            assert legend in told

    def test_from_top_to_bottom_the_graph_tells_the_same(self) -> None:
        text = page(judgement(drawing=GRAPH))
        _, plot = re.findall(r"<svg.*?</svg>", text.partition("<details>")[0], re.DOTALL)
        texts = [unescape(found) for found in re.findall(r"<text[^>]*>(.*?)</text>", plot)]
        for told in ("ŷ", "x·w", "s²", "✗ 3", "✗ −4", "?", "4", "∂s/∂ŷ"):
            assert told in texts
        assert plot.count("stroke-dasharray") >= 1

    def test_the_graph_has_numbers_on_its_edges_where_they_may_be_told(self) -> None:
        nodes = (DrawnNode("x", "", 3.0, 6.0), DrawnNode("long_name_of_loss", "x ** 2", 9.0, 1.0))
        shown = page(judgement(drawing=Drawing("z", nodes, (DrawnEdge("x", "long_name_of_loss", False, 6.0),))))
        assert ">6<" in shown and "∂z/∂x = 6" in shown

    def test_the_graph_is_also_a_table(self) -> None:
        lines = Parsed(page(judgement(drawing=GRAPH))).lines
        assert ["w", "", "1", "? (not −4)"] in lines and ["loss", "s ** 2", "4", "1"] in lines

    def test_a_legend_explains_only_what_is_there(self) -> None:
        nodes = (DrawnNode("x", "", 1.0, 2.0), DrawnNode("z", "x * 2", 2.0, 1.0))
        told = Parsed(page(judgement(drawing=Drawing("z", nodes, (DrawnEdge("x", "z"),))))).text
        assert "perhaps missing" not in told and "not told yet" not in told and "which is not right" not in told

    @languages
    def test_everything_is_said_in_the_language_asked_for(self, language: str) -> None:
        curve = Series("loss", (1.0, math.inf), (math.nan, 1e9, 1.0), 0)
        empty = Series("parameter", (), ())
        text = page(judgement((curve, empty), b"\xff" * 300_000, GRAPH, "x", "x.py"), language)
        ours = [msgid for msgid, files in collected().items() if isinstance(msgid, str) and "pages" in "".join(files)]
        told = " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
        english = [msgid for msgid in ours if " " in msgid and msgid in told]
        assert bool(english) == (language == "en"), english


class TestNumbersOfAnyKind:
    @pytest.mark.parametrize(
        ("expected", "actual", "departure"),
        [
            ((), (), None),
            ((1.0,), (), 0),
            ((), (1.0,), 0),
            ((1.0,), (2.0,), 0),
            ((0.0, 0.0), (0.0, 0.0), None),
            ((1.0, 2.0, 3.0), (1.0, 1e300, -1e300, math.inf), 1),
            ((1.7e308, -1.7e308), (-1.7e308, 5e-324), 0),
            ((math.nan,) * 3, (math.inf, -math.inf, math.nan), 0),
            (LONG, (math.nan,) * 2500 + (1.0,) + (math.nan,) * 50, 2499),
            ((1.0, 2.0), (1.0, 2.0), 7),
        ],
    )
    @pytest.mark.filterwarnings("error")
    def test_are_drawn_where_they_are_finite(
        self, expected: tuple[float, ...], actual: tuple[float, ...], departure: int | None
    ) -> None:
        text = with_curve(expected, actual, departure)
        finite = any(map(math.isfinite, (*expected, *actual)))
        assert text.count("<svg") == finite
        assert ("there is nothing to draw" in text) != finite
        assert "nan" not in "".join(re.findall(r' d="[^"]*"', text)).lower()

    def test_that_are_not_finite_are_told_in_words(self) -> None:
        told = Parsed(with_curve((1.0, 2.0, 3.0), (1.0, math.nan, math.inf), 1)).text
        assert "Yours is not finite at 2 of 3 steps, at step 2 first: NaN." in told

    def test_of_different_count_are_told(self) -> None:
        assert "Steps: 3 expected, 2 yours." in Parsed(with_curve((1.0, 2.0, 3.0), (1.0, 2.0))).text

    def test_far_away_do_not_flatten_the_expected_ones(self) -> None:
        assert "The scale is logarithmic beyond 3." in Parsed(with_curve((1.0, 2.0, 3.0), (1.0, 2.0, 1e9))).text
        assert "logarithmic" not in Parsed(with_curve((1.0, 2.0, 3.0), (1.0, 2.0, 9.0))).text

    def test_of_five_thousand_steps_make_no_larger_plot_than_of_some_hundred(self) -> None:
        rough = tuple(value * (1 + 0.3 * math.sin(step)) for step, value in enumerate(LONG))
        small, large = (len(with_curve(LONG[:count], rough[:count], 3)) for count in (300, 5000))
        assert large < small * 1.5

    def test_that_are_thinned_out_keep_ends_peaks_gaps_and_the_departure(self) -> None:
        import numpy as np

        series = np.zeros(5000)
        series[[17, 3000, 4001]] = 9.0, -9.0, math.nan
        places = min_max_decimation(series, 1234)
        assert {0, 17, 1234, 3000, 4001, 4999} <= set(places) and len(places) < 500


class TestHostileText:
    @pytest.mark.parametrize("place", [0, 1], ids=["text", "bytes"])
    def test_is_shown_and_never_run(self, place: int) -> None:
        text = hostile_pages()[place]
        parsed = Parsed(text)
        tags = {tag for tag, _ in parsed.elements}
        assert not {"script", "img", "iframe", "object", "embed", "form", "base"} & tags
        assert not [name for _, attributes in parsed.elements for name in attributes if name.startswith("on")]
        assert parsed.text.count(HOSTILE) >= 3 and not parsed.open
        assert all(re.match(r"#|data:,$", address) for address in parsed.attributes("href"))
        assert "script-src" not in text.partition("<style>")[0] and "default-src 'none'" in text

    def test_that_steers_a_terminal_or_the_direction_of_text_is_made_visible(self) -> None:
        text = page(judgement(source="x = 'a\u202eb'  # \x1b[2J\ud800\n", text="m\u202e\x1b\x00"))
        assert not re.search("[\x00\x1b\u202e\ud800]", text)
        assert text.encode()

    @pytest.mark.parametrize("source", ["x" * 4 * 2**20, "\n" * 4 * 2**20, "\r\x0c\u2028" * 2**20], ids=["x", "n", "r"])
    def test_without_end_is_cut_and_said_to_be(self, source: str) -> None:
        text = page(judgement(source=source))
        assert len(text) < 8_000_000
        assert "too large to be shown whole" in text

    def test_leaves_no_two_elements_with_one_id(self) -> None:
        ids = Parsed(page(judgement(drawing=GRAPH))).attributes("id")
        assert len(ids) == len(set(ids))


class TestLayout:
    def test_goes_from_left_to_right_and_no_two_nodes_overlap(self) -> None:
        chain = [(f"n{step}", f"n{step + 1}") for step in range(9)]
        edges = [*chain, *(("w", f"n{step}") for step in range(1, 10, 2)), ("n0", "n9")]
        nodes = list(dict.fromkeys(name for edge in edges for name in edge))
        found = layout(nodes, edges)
        assert all(found.layers[operand] < found.layers[operation] for operand, operation in edges)
        for one in nodes:
            for other in nodes:
                if one < other and found.layers[one] == found.layers[other]:
                    assert abs(found.rows[one] - found.rows[other]) >= 1 - 1e-9

    def test_puts_operands_below_each_other_in_the_order_of_the_expression(self) -> None:
        edges = [("x", "y_hat"), ("w", "y_hat"), ("y_hat", "s"), ("y", "s"), ("s", "loss")]
        rows = layout(["x", "y", "w", "y_hat", "s", "loss"], edges).rows
        assert rows["x"] < rows["w"] and rows["y_hat"] < rows["y"] and rows["s"] == rows["loss"]

    def test_of_a_single_node_or_of_none_is_no_fault(self) -> None:
        assert layout(["x"], []).layers == {"x": 0}
        assert layout([], []).rows == {}


class TestTallGraphs:
    def test_are_narrower_than_those_from_left_to_right(self) -> None:
        assert tall_graph(GRAPH, "", "tall")[1] < graph_plot(GRAPH, "", "wide")[1] / 2

    def test_of_many_inputs_stand_in_two_lines(self) -> None:
        def width(count: int) -> int:
            inputs = [DrawnNode(f"x{place}", "", 1.0) for place in range(count)]
            edges = tuple(DrawnEdge(each.name, "s") for each in inputs)
            return tall_graph(Drawing("s", (*inputs, DrawnNode("s", "a + b", 1.0)), edges), "", "tall")[1]

        assert width(10) < 1.5 * width(5)

    def test_of_two_long_sums_over_many_inputs_are_whole_on_a_phone(self) -> None:
        inputs = [DrawnNode(f"x{place}", "", 1.0, -4.7) for place in range(8)]
        sums = [DrawnNode(name, "x0 * x1 + x2 * x3 + x4 * x5", 5.3, 2.6) for name in ("z0", "z1")]
        targets = [DrawnNode("y0", "", 4.0, -2.6), DrawnNode("y1", "", 0.5, 4.7)]
        loss = DrawnNode("loss", "(z0 - y0)**2 + (z1 - y1)**2", 7.2, 1.0)
        edges = [DrawnEdge(each.name, each_sum.name, False, 0.5) for each_sum in sums for each in inputs]
        edges += [DrawnEdge(each.name, "loss", False, 2.6) for each in (*sums, *targets)]
        drawing = Drawing("loss", (*inputs, *sums, *targets, loss), tuple(edges))
        assert 0.8 * tall_graph(drawing, "", "tall")[1] <= 390 - 32

    def test_of_a_single_node_or_of_none_are_no_fault(self) -> None:
        assert tall_graph(Drawing("x", (DrawnNode("x", "", 1.0),), ()), "", "tall")[1] > 0
        assert tall_graph(Drawing("x", (), ()), "", "tall")[0]


class TestTheTreeOnATerminal:
    def test_has_the_root_at_the_top_and_says_which_edge_is_lost(self, capsys: pytest.CaptureFixture[str]) -> None:
        print_graph(GRAPH)
        assert capsys.readouterr().out.splitlines() == [
            "loss = s ** 2 = 4",
            "└── s = y_hat - y = ? (not 3)  ✗ perhaps missing: ∂loss/∂s",
            "    ├── y_hat = x * w = 2",
            "    │   ├── x = 2",
            "    │   └── w = 1, ∂loss/∂w = ? (not -4)",
            "    └── y = 4",
        ]

    def test_grows_no_faster_than_the_graph(self, capsys: pytest.CaptureFixture[str]) -> None:
        names = [f"n{place}" for place in range(40)]
        nodes = [DrawnNode(name, "", 1.0) for name in names]
        edges = [
            DrawnEdge(one, names[place + step])
            for place, one in enumerate(names)
            for step in (1, 2)
            if place + step < 40
        ]
        print_graph(Drawing("n39", tuple(nodes), tuple(edges)))
        assert len(capsys.readouterr().out.splitlines()) == len(edges) + 1


class TestTheCommand:
    def test_shows_a_wrong_program_with_its_source_and_records_nothing(self, course: Path) -> None:
        there = Class(course)
        path = there.hand_in("work", "4.5.py", DEMO["not_zeroed"])
        ended = there.run("feedback", "4.5", str(path))
        assert (ended.code, ended.out, ended.err) == (1, "feedback/4.5.html\n", "")
        text = (course / "feedback" / "4.5.html").read_text(encoding="utf-8")
        assert DEMO["not_zeroed"] in code_of(text) and "Score: 4 of 8" in Parsed(text).text
        assert '<mark id="line18">' in text
        assert not (course / "submissions").exists()

    def test_shows_a_right_program_and_ends_well(self, course: Path) -> None:
        there = Class(course)
        path = there.hand_in("work", "4.5.py", DEMO["right"])
        ended = there.run("feedback", "4.5", str(path), "-o", "seen/page.html", "--lang", "uz")
        assert (ended.code, ended.out, ended.err) == (0, "seen/page.html\n", "")
        assert "Ball: 8 (jami 8)" in (course / "seen" / "page.html").read_text(encoding="utf-8")

    def test_shows_a_program_that_raised(self, course: Path) -> None:
        there = Class(course)
        path = there.hand_in("work", "4.5.py", CRASHING)
        assert there.run("feedback", "4.5", str(path)).code == 1
        assert "stopped by an error" in Parsed((course / "feedback" / "4.5.html").read_text(encoding="utf-8")).text

    def test_shows_stated_values_with_their_graph(self, course: Path) -> None:
        ended = Class(course).run("feedback", "4.1", "--answer", "-4")
        assert (ended.code, ended.err) == (1, "")
        text = (course / "feedback" / "4.1.html").read_text(encoding="utf-8")
        assert "✗ −4" in text and "perhaps missing" in text and "handed in" not in text

    def test_takes_the_last_recorded_submission_and_before_there_is_one_the_work(self, course: Path) -> None:
        there = Class(course)
        assert there.run("feedback", "4.1").code == 2
        (course / "work").mkdir()
        (course / "work" / "4.1.yaml").write_text("dloss_dw: -8\n")
        assert there.run("feedback", "4.1").code == 0
        assert there.run("submit", "4.1", "--answer", "-8").code == 0
        assert there.run("submit", "4.1", "--answer", "-4").code == 1
        (recorded,) = (course / "submissions" / "s001").iterdir()
        assert there.run("feedback", "4.1").code == 1
        assert len(list(recorded.iterdir())) == 2
        assert there.run("feedback", "4.1", "--student", "other").code == 0

    def test_of_submit_opens_the_page_in_the_browser(self, course: Path, tmp_path: Path) -> None:
        opened = tmp_path / "opened"
        browser = tmp_path / "browser"
        browser.write_text(f"#!{sys.executable}\nimport sys\nopen({str(opened)!r}, 'w').write(sys.argv[1])\n")
        browser.chmod(0o755)
        ended = Class(course).run("submit", "4.1", "--answer", "-4", "--open", BROWSER=f"{browser} %s")
        assert (ended.code, ended.err) == (1, "")
        assert ended.out.endswith("feedback/4.1.html\n")
        assert unquote(urlparse(opened.read_text()).path) == str((course / "feedback" / "4.1.html").resolve())

    def test_without_a_browser_says_so_and_keeps_the_page(self, course: Path) -> None:
        ended = Class(course).run(
            "feedback", "4.1", "--answer", "-4", "--open", BROWSER="nothing-there", PATH="/nowhere"
        )
        assert (ended.code, ended.out) == (1, "feedback/4.1.html\n")
        assert "The browser could not be opened" in ended.err
        assert (course / "feedback" / "4.1.html").is_file()

    def test_leaves_json_alone_on_standard_output(self, course: Path) -> None:
        ended = Class(course).run("submit", "4.1", "--answer", "-4", "--json", "--open", BROWSER="true %s")
        assert ended.out.rstrip().endswith("}") and ended.err == "feedback/4.1.html\n"

    def test_that_cannot_write_is_a_fault_of_usage(self, course: Path) -> None:
        (course / "feedback").write_text("")
        ended = Class(course).run("feedback", "4.1", "--answer", "-8")
        assert ended.code == 2 and "cannot be written" in ended.err


class TestTheLastSubmission:
    def test_is_the_newest_that_was_written_down_whole(self, tmp_path: Path) -> None:
        assert newest_submission(tmp_path, "s1", "4.5") is None
        for content in (b"1", b"2"):
            record_submission(tmp_path, "s1", "4.5", ".py", content)
        record_submission(tmp_path, "s2", "4.5", ".py", b"3")
        (tmp_path / "submissions" / "s1" / "4.5" / "99991231T000000.000000Z-interrupted").mkdir()
        found = newest_submission(tmp_path, "s1", "4.5")
        assert found is not None and found.name == "4.5.py" and found.read_bytes() == b"2"


def wide() -> Judgement:
    curves = tuple(Series("quantity" * 20, LONG, LONG[:9], 3) for _ in range(4))
    inputs = tuple((f"name{place}" * 5, "1e-300") for place in range(9))
    rows = departing(*(row(place, inputs, actual=1.0, expected=2.0) for place in (1, 2)), quantity="w" * 200)
    return judgement(curves, "y" * 9000 + "\n" + HOSTILE, GRAPH, "x" * 300, "f" * 200 + ".py", rows, 1)


def test_a_page_is_never_wider_than_the_window(tab: Browser, tmp_path: Path) -> None:
    for width, found in measured(tab, tmp_path, page(wide()), 360, 1200).items():
        assert found["window"] <= width
        assert found["page"] <= found["window"] and found["widest"] <= found["window"] + 0.5, found
        assert found["scripts"] == 0


def test_the_graph_fits_a_phone_and_a_wide_window(tab: Browser, tmp_path: Path) -> None:
    found = measured(tab, tmp_path, page(judgement((), drawing=GRAPH)), 390, 1200)
    assert [each["tables"] for each in found.values()] == [False, False]


@pytest.mark.parametrize("width", [500, 1200])
def test_a_browser_shows_the_page(tab: Browser, tmp_path: Path, width: int) -> None:
    path, picture = tmp_path / "page.html", tmp_path / "page.png"
    path.write_text(page(judgement(drawing=GRAPH), "uz"), encoding="utf-8")
    tab.open(path.as_uri())
    tab.look(picture, width, 900, whole=False)
    content = picture.read_bytes()
    assert struct.unpack(">II", content[16:24]) == (width, 900)
    # A blank page of this size compresses to a few hundred bytes.
    assert len(content) > 10_000
