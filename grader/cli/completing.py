"""What a shell is told while somebody types: ids of exercises, and PowerShell besides the shells that click knows."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $env:%(complete_var)s = "powershell_complete"
    $env:COMP_WORDS = ($commandAst.CommandElements | ForEach-Object { "$_" }) -join "`n"
    $env:COMP_CWORD = $wordToComplete
    try {
        %(prog_name)s | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, "ParameterValue", $_)
        }
    } finally {
        Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_CWORD -ErrorAction Ignore
    }
}
"""


class PowerShellComplete(ShellComplete):
    """Completion in PowerShell: the words so far are lines of COMP_WORDS, the one being typed is COMP_CWORD."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        words = os.environ.get("COMP_WORDS", "").split("\n")[1:]
        incomplete = os.environ.get("COMP_CWORD", "")
        return (words[:-1] if incomplete and words[-1:] == [incomplete] else words), incomplete

    def format_completion(self, item: CompletionItem) -> str:
        return str(item.value)


def add_powershell() -> None:
    """Let click know PowerShell."""
    add_completion_class(PowerShellComplete)


def exercise_ids(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the ids of exercises that begin so; none where there is no course: a shell is no place to say it."""
    from grader.core.words.errors import CourseInvalid, UsageFault
    from grader.store.course.course_files import find_course

    try:
        ids = find_course(Path.cwd()).exercise_ids()
    except (CourseInvalid, UsageFault, OSError):
        return []
    return [CompletionItem(id) for id in ids if id.startswith(incomplete)]


def script(group: click.Command, shell: str, variable: str) -> str:
    """Return what a shell has to run once to complete the command `course`.

    Args:
        variable: the environment variable that the shell sets while somebody types.
    """
    from click.shell_completion import get_completion_class

    add_powershell()
    kind = get_completion_class(shell)
    assert kind is not None
    return kind(group, {}, "course", variable).source()
