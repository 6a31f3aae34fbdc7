"""The one error boundary: every way in which a command can end, and its exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from enum import IntEnum
from gettext import gettext as _
from pathlib import Path

from grader.cli.language import of_course, speak, translate, wanted
from grader.cli.printing.streams import never_fail, unwritten

# A full disk, a quota, a closed door or too many open files, wherever it was met.
_OF_THE_MACHINE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG),
    *(errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM),
}
# What tempfile says where every folder that it tries is full or closed; the number is that of a missing file.
_NO_TEMPORARY = "No usable temporary directory"


class ExitCode(IntEnum):
    """Documented and stable."""

    FULL_MARKS = 0
    NOT_FULL_MARKS = 1
    USAGE = 2
    COURSE_INVALID = 3
    COULD_NOT_JUDGE = 4
    BUG = 70
    INTERRUPTED = 130


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    never_fail()
    speak(wanted(arguments) or of_course(Path.cwd()))
    sys.exit(_shown(_guarded(arguments)))


def _shown(code: int) -> int:
    """Say where standard output could not be written; that is a failure even if the command did what it was to do."""
    lost = unwritten()
    if lost is None:
        return code
    print(_("Error: standard output cannot be written: {words}").format(words=lost.strerror), file=sys.stderr)
    return ExitCode.COULD_NOT_JUDGE if code in (ExitCode.FULL_MARKS, ExitCode.NOT_FULL_MARKS) else code


def _guarded(arguments: list[str]) -> int:
    import click

    from grader.cli.app import build

    try:
        result = build().main(args=arguments, prog_name="course", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.ctx.get_help() if error.ctx else "")
        return ExitCode.USAGE
    except click.UsageError as error:
        hint = error.ctx.get_usage() + "\n" if error.ctx is not None else ""
        return _failed(
            arguments, ExitCode.USAGE, "usage", [hint + _("Error: {words}").format(words=error.format_message())]
        )
    except click.exceptions.Exit as error:
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _failed(
            arguments,
            ExitCode.INTERRUPTED,
            "interrupted",
            [_("Interrupted. What has been recorded is kept; run the same command again to continue.")],
        )
    except Exception as error:  # noqa: BLE001 - this is the boundary
        return _told(arguments, error)
    return int(result) if isinstance(result, int) else ExitCode.FULL_MARKS


def _told(arguments: list[str], error: Exception) -> int:
    return _failed(arguments, *meaning(error))


def meaning(error: Exception) -> tuple[ExitCode, str, list[str]]:
    """Return what an exception means: exit code, name and words; one that means nothing here is a bug of ours."""
    from grader.core.words.errors import CouldNotJudge, CourseInvalid, NotWritten, UsageFault

    match error:
        case UsageFault(messages=messages):
            words = [_("Error: {words}").format(words=message.said(translate)) for message in messages]
            return ExitCode.USAGE, "usage", words
        case CourseInvalid(faults=faults):
            words = [f"{fault.at}: {fault.message.said(translate)}" for fault in faults]
            return ExitCode.COURSE_INVALID, "course_invalid", words
        case CouldNotJudge(message=message):
            words = [_("This could not be judged: {words}").format(words=message.said(translate))]
            return ExitCode.COULD_NOT_JUDGE, "could_not_judge", words
        case NotWritten(message=message):
            words = [_("Error: {words}").format(words=message.said(translate))]
            return ExitCode.COULD_NOT_JUDGE, "not_written", words
        case OSError(errno=number, filename=file) if number in _OF_THE_MACHINE or _NO_TEMPORARY in str(error):
            told = _("the system refused it: {words}").format(words=error.strerror)
            words = [_("Error: {words}").format(words=f"{file}: {told}" if file else told)]
            return ExitCode.COULD_NOT_JUDGE, "not_written", words
        case _:
            return ExitCode.BUG, "bug", [_of_a_bug(error)]


def _failed(arguments: list[str], code: ExitCode, name: str, words: list[str]) -> ExitCode:
    for line in words:
        print(line, file=sys.stderr)
    target = _json_target(arguments)
    if target is not None:
        from grader.cli.printing.output import write_json
        from grader.core.words.errors import NotWritten, UsageFault

        error = {"code": name, "message": "\n".join(words)}
        try:
            write_json({"format_version": 1, "error": error}, target)
        except (UsageFault, NotWritten):
            # What cannot be written has been said above, on standard error.
            pass
    return code


def _json_target(arguments: list[str]) -> str | None:
    """Return where --json wants its object, read as click reads it; None without --json."""
    for place, argument in enumerate(arguments):
        if argument.startswith("--json="):
            return argument[7:]
        if argument == "--json":
            following = arguments[place + 1 : place + 2]
            return following[0] if following and not following[0].startswith("-") else "-"
    return None


def _of_a_bug(error: Exception) -> str:
    try:
        log = _log(error)
    except OSError:
        words = _("This is a bug in the grader, not in your work, and no report of it can be written: {words}")
        return words.format(words=f"{type(error).__name__}: {error}")
    return _("This is a bug in the grader, not in your work. Please send us this file: {log}").format(log=log)


def _log(error: Exception) -> str:
    import tempfile
    import traceback

    descriptor, name = tempfile.mkstemp(prefix="course-bug-", suffix=".log")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"{sys.version}\n{sys.argv}\n\n")
        traceback.print_exception(error, file=file)
    return name
