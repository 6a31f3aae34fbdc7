"""What an author sees of a course check, on the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent
from typing import TYPE_CHECKING, Any

from grader.cli.language import translate
from grader.cli.printing.output import console
from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Mixed, Stated
from grader.core.course.facets import Facets
from grader.core.course.questions import Questions
from grader.core.proof.mutants import shown_share
from grader.core.words.numbers import show
from grader.store.yaml.writer import quoted

if TYPE_CHECKING:
    from grader.actions.author.check import Checked
    from grader.core.proof.findings import Finding
    from grader.core.proof.mutants import Mutant, Mutation
    from grader.core.words.message import Message
    from grader.grading.proof.proof import Proof


def print_checked(checked: Checked, language: str, seeds: int) -> None:
    """Print a line for each exercise, its findings below it, and the totals.

    Args:
        seeds: the number of seeds that right programs were tried on.
    """
    from rich.text import Text

    out = console()
    for finding in checked.findings:
        out.print(Text("✗ " + _finding_line(finding, language), style="red"))
    for proof in checked.proofs:
        good = not proof.findings and not proof.could_not
        line = f"{'✓' if good else '✗' if proof.findings else '?'} {proof.exercise.id}: {_summary_line(proof, seeds)}"
        out.print(Text(line, style="green" if good else "red"))
        for finding in proof.findings:
            out.print(Text("    " + _finding_line(finding, language)))
        for mutant in proof.mutation.survivors if proof.mutation else ():
            out.print(Text(indent(_survivor_lines(mutant, proof.key.shown), "    ")))
        for why in _reasons(proof):
            words = why.said(translate, language)
            out.print(Text("    " + translate("This could not be judged: {words}").format(words=words)))
    count = len(checked.all_findings)
    words = translate("exercises: {exercises}, findings: {findings}")
    words = words.format(exercises=len(checked.proofs), findings=count)
    out.print(Text(words, style="bold"))


def _reasons(proof: Proof) -> list[Message]:
    """Return why parts of a proof could not be judged, each reason once."""
    return list(dict.fromkeys(each.message for each in proof.could_not))


def checked_as_json(checked: Checked, language: str, floor: float | None) -> dict[str, Any]:
    """Return the findings as the JSON object for programs; `floor` is what the course asks of each mutation score."""
    return {
        "format_version": 1,
        "course": [_finding_as_json(finding, language) for finding in checked.findings],
        "exercises": [
            {
                "exercise": proof.exercise.id,
                "findings": [_finding_as_json(finding, language) for finding in proof.findings],
                "mutation": _mutation_as_json(proof.mutation, floor),
                "could_not_judge": [why.said(translate, language) for why in _reasons(proof)],
                "nearest_right": proof.nearest[0],
                "nearest_wrong": proof.nearest[1],
                "slowest": proof.slowest[0],
            }
            for proof in checked.proofs
        ],
    }


def _finding_line(finding: Finding, language: str) -> str:
    return f"{finding.at}: {finding.message.said(translate, language)} [{finding.name}]"


def _finding_as_json(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "name": finding.name,
        "file": finding.at.file,
        "line": finding.at.line,
        "column": finding.at.column,
        "message": finding.message.said(translate, language),
    }


def _mutation_as_json(mutation: Mutation | None, floor: float | None) -> dict[str, Any] | None:
    if mutation is None:
        return None
    return {
        "score": mutation.score,
        "floor": floor,
        "mutants": mutation.count,
        "killed": mutation.killed,
        "survivors": [_mutant_as_json(mutant) for mutant in mutation.survivors],
        "declared": [{**_mutant_as_json(mutant), "reason": word.reason} for mutant, word in mutation.declared],
    }


def _mutant_as_json(mutant: Mutant) -> dict[str, Any]:
    return {"operator": mutant.operator, "line": mutant.line, "diff": mutant.diff}


def _survivor_lines(mutant: Mutant, solution: str) -> str:
    """Return what an author reads of a mutant that nothing sees: where, what, and the entry that would declare it."""
    was, becomes = (quoted("\n".join(lines)) for lines in (mutant.was, mutant.becomes))
    words = translate("{at}: this mutant gets full marks on every seed: {operator}").format(
        at=mutant.at, operator=mutant.operator
    )
    declare = translate("If that is right, say why in {file}:").format(
        file=f"{solution.rpartition('/')[0]}/equivalent.yaml"
    )
    entry = f'- {{operator: {mutant.operator}, was: {was}, becomes: {becomes}, reason: "…"}}'
    return f"{words}\n{indent(mutant.diff, '    ')}\n    {declare}\n      {entry}"


def _summary_line(proof: Proof, seeds: int) -> str:
    return _SUMMARIES.of(proof.exercise.work)(proof, seeds)


def _of_questions(proof: Proof, _seeds: int) -> str:
    return translate("{count} questions").format(count=len(proof.exercise.work.parts))


def _of_tests(proof: Proof, _seeds: int) -> str:
    return translate("{right} right, {wrong} wrong, {tests} tests").format(
        right=proof.right, wrong=proof.wrong, tests=len(proof.exercise.work.parts)
    )


def _nearest(proof: Proof) -> tuple[str, str]:
    right, wrong = proof.nearest
    return show(right, 2), "–" if wrong is None else show(wrong, 3)


def _of_values(proof: Proof, _seeds: int) -> str:
    words = translate("{count} stated values; nearest mistake {far}")
    return words.format(count=len(proof.exercise.work.parts), far=_nearest(proof)[1])


def _of_checks(proof: Proof, seeds: int) -> str:
    from grader.grading.proof.parts import draws_of

    near, far = _nearest(proof)
    share, check = proof.slowest
    words = translate("{right} right, {wrong} wrong, {seeds} seeds; nearest right {near}, nearest wrong {far}")
    programs = words.format(right=proof.right, wrong=proof.wrong, seeds=draws_of(proof, seeds), near=near, far=far)
    slow = translate("slowest check {check}: {share} of its limit").format(
        check=check, share=f"{show(100 * share, 2)} %"
    )
    if check:
        programs = f"{programs}; {slow}"
    if proof.mutation is None:
        return programs
    mutants = translate("mutants: {killed} of {asked} lose points ({score}), {declared} declared").format(
        killed=proof.mutation.killed,
        asked=proof.mutation.asked,
        score=shown_share(proof.mutation.score),
        declared=len(proof.mutation.declared),
    )
    return f"{programs}; {mutants}"


_SUMMARIES: Facets[Callable[[Proof, int], str]] = Facets(
    {Stated: _of_values, Coded: _of_checks, Tested: _of_tests, Mixed: _of_checks, Questions: _of_questions}
)
