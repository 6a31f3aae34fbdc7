"""What an author sees of a course check, on the terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.cli.language import translate
from grader.cli.output import console
from grader.core.exercise import Stated
from grader.core.number import show

if TYPE_CHECKING:
    from grader.actions.check import Checked, Proof
    from grader.core.check_finding import Finding


def print_checked(checked: Checked, language: str, seeds: int) -> None:
    """Print a line for each exercise, its findings below it, and what they come to."""
    from rich.text import Text

    out = console()
    for finding in checked.findings:
        out.print(Text("✗ " + _line(finding, language), style="red"))
    for proof in checked.proofs:
        good = not proof.findings and not proof.could_not
        line = f"{'✓' if good else '✗' if proof.findings else '?'} {proof.exercise.id}: {_summary(proof, seeds)}"
        out.print(Text(line, style="green" if good else "red"))
        for finding in proof.findings:
            out.print(Text("    " + _line(finding, language)))
        for words in dict.fromkeys(each.message.said(translate, language) for each in proof.could_not):
            out.print(Text("    " + translate("This could not be judged: {words}").format(words=words)))
    count = len(checked.all_findings)
    words = translate("{exercises} exercises, {findings} findings")
    words = words.format(exercises=len(checked.proofs), findings=count)
    out.print(Text(words, style="bold"))


def checked_as_json(checked: Checked, language: str) -> dict[str, Any]:
    """Return the findings as the JSON object for programs."""
    return {
        "format_version": 1,
        "course": [_as_json(finding, language) for finding in checked.findings],
        "exercises": [
            {
                "exercise": proof.exercise.id,
                "findings": [_as_json(finding, language) for finding in proof.findings],
                "could_not_judge": list(
                    dict.fromkeys(each.message.said(translate, language) for each in proof.could_not)
                ),
                "nearest_right": proof.nearest[0],
                "nearest_wrong": proof.nearest[1],
                "slowest": proof.slowest[0],
            }
            for proof in checked.proofs
        ],
    }


def _line(finding: Finding, language: str) -> str:
    return f"{finding.at}: {finding.message.said(translate, language)} [{finding.name}]"


def _as_json(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "name": finding.name,
        "file": finding.at.file,
        "line": finding.at.line,
        "column": finding.at.column,
        "message": finding.message.said(translate, language),
    }


def _summary(proof: Proof, seeds: int) -> str:
    right, wrong = proof.nearest
    near, far = show(right, 2), "–" if wrong is None else show(wrong, 3)
    if isinstance(proof.exercise.work, Stated):
        words = translate("{count} stated values; nearest mistake {far}")
        return words.format(count=len(proof.exercise.work.asks), far=far)
    share, check = proof.slowest
    words = translate("{right} right, {wrong} wrong, {seeds} seeds; nearest right {near}, nearest wrong {far}")
    programs = words.format(right=proof.right, wrong=proof.wrong, seeds=seeds, near=near, far=far)
    slow = translate("slowest check {check}: {share} of its limit").format(
        check=check, share=f"{show(100 * share, 2)} %"
    )
    return f"{programs}; {slow}" if check else programs
