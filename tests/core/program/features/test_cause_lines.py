"""The line that a named cause is about: as the course's own wrong programs have it, and none where it is unsure."""

from __future__ import annotations

import pytest
from repository import ROOT

from grader.core.program.features.cause_lines import line_of_cause
from grader.core.program.source import Source, read_source

LOOP = "for x in y:\n    loss(x).backward()\n"


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("4.5/wrong/gradient-not-zeroed.py", "for x, y in zip(x_soat, y_baho):"),
        ("4.5/wrong/zeroed-once-per-epoch.py", "for x, y in zip(x_soat, y_baho):"),
        ("8.4/wrong/gradient-not-zeroed.py", "for x, y in loader:"),
        ("4.8/wrong/zeroed-before-backward.py", "w.grad.zero_()"),
        ("4.8/wrong/update-sign.py", "w.data += 0.01 * w.grad"),
        ("4.5/wrong/loss-absolute.py", "return torch.abs(y_pred - y)"),
        ("4.5/wrong/backward-twice.retain-graph.py", "error.backward(retain_graph=True)"),
        ("4.5/wrong/returned-in-loop.py", "return l.item()"),
        # The optimizer's step is right; how the optimizer was made is not.
        ("9.4/wrong/update-sign.py", ""),
    ],
)
def test_is_the_one_that_the_mistake_was_made_in(program: str, line: str) -> None:
    path = ROOT / "solutions" / program
    source = read_source(path.read_bytes(), path.name)
    assert isinstance(source, Source)
    assert source.line(line_of_cause(source, path.name.partition(".")[0])) == line


@pytest.mark.parametrize(
    "text",
    [
        "", "for", "loss.backward()\n", LOOP + LOOP, LOOP * 6000,
        "".join("    " * depth + "for x in y:\n" for depth in range(90)) + "    " * 90 + "pass\n",
    ],
    ids=["empty", "no program", "no loop", "two loops", "thousands", "deep"],
)  # fmt: skip
def test_is_none_where_the_text_does_not_say(text: str) -> None:
    assert line_of_cause(Source(text, "4.5.py"), "gradient-not-zeroed") == 0


def test_is_none_for_a_name_that_is_not_known() -> None:
    assert line_of_cause(Source(LOOP, "4.5.py"), "an-authors-own") == 0
