"""What an author sees of a course check, on the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from grader.cli.language import translate
from grader.cli.output import console
from grader.core.exercise import Stated, Tested
from grader.core.number import show

if TYPE_CHECKING:
    from grader.actions.check import Proof


def print_proofs(proofs: Sequence[Proof], language: str, seeds: int) -> None:
    """Print a line for each exercise, its findings below it, and what they come to."""
    from rich.text import Text

    out = console()
    for proof in proofs:
        good = not proof.findings and not proof.could_not
        line = f"{'✓' if good else '✗' if proof.findings else '?'} {proof.exercise.id}: {_summary(proof, seeds)}"
        out.print(Text(line, style="green" if good else "red"))
        for finding in proof.findings:
            out.print(Text(f"    {finding.at}: {finding.message.said(translate, language)} [{finding.name}]"))
        for words in dict.fromkeys(each.message.said(translate, language) for each in proof.could_not):
            out.print(Text("    " + translate("This could not be judged: {words}").format(words=words)))
    count = sum(len(proof.findings) for proof in proofs)
    words = translate("{exercises} exercises, {findings} findings").format(exercises=len(proofs), findings=count)
    out.print(Text(words, style="bold"))


def proofs_as_json(proofs: Sequence[Proof], language: str) -> dict[str, Any]:
    """Return the findings as the JSON object for programs."""
    return {
        "format_version": 1,
        "exercises": [
            {
                "exercise": proof.exercise.id,
                "findings": [
                    {
                        "name": finding.name,
                        "file": finding.at.file,
                        "line": finding.at.line,
                        "column": finding.at.column,
                        "message": finding.message.said(translate, language),
                    }
                    for finding in proof.findings
                ],
                "could_not_judge": list(
                    dict.fromkeys(each.message.said(translate, language) for each in proof.could_not)
                ),
            }
            for proof in proofs
        ],
    }


def _summary(proof: Proof, seeds: int) -> str:
    if isinstance(proof.exercise.work, Stated):
        return translate("{count} stated values").format(count=len(proof.exercise.work.asks))
    if isinstance(proof.exercise.work, Tested):
        return translate("{right} right, {wrong} wrong, {tests} tests").format(
            right=proof.right, wrong=proof.wrong, tests=len(proof.exercise.work.checks)
        )
    right, wrong = proof.nearest
    return translate("{right} right, {wrong} wrong, {seeds} seeds; nearest right {near}, nearest wrong {far}").format(
        right=proof.right,
        wrong=proof.wrong,
        seeds=seeds,
        near=show(right, 2),
        far="–" if wrong is None else show(wrong, 3),
    )
