"""The one error boundary: every way in which a command can end, and streams that never fail to print."""

from __future__ import annotations

import codecs
import errno
import os
import sys
import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from gettext import gettext as _
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from grader.cli.language import of_course, speak, translate, wanted

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


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
    sys.exit(_guarded(arguments))


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
    """Say what an exception means; one that means nothing here is a bug of ours."""
    from grader.core.words.errors import CouldNotJudge, CourseInvalid, UsageFault

    match error:
        case UsageFault(messages=messages):
            words = [_("Error: {words}").format(words=message.said(translate)) for message in messages]
            return _failed(arguments, ExitCode.USAGE, "usage", words)
        case CourseInvalid(faults=faults):
            words = [f"{fault.at}: {fault.message.said(translate)}" for fault in faults]
            return _failed(arguments, ExitCode.COURSE_INVALID, "course_invalid", words)
        case CouldNotJudge(message=message):
            words = [_("This could not be judged: {words}").format(words=message.said(translate))]
            return _failed(arguments, ExitCode.COULD_NOT_JUDGE, "could_not_judge", words)
        case _:
            log = _log(error)
            words = [
                _("This is a bug in the grader, not in your work. Please send us this file: {log}").format(log=log)
            ]
            return _failed(arguments, ExitCode.BUG, "bug", words)


def _failed(arguments: list[str], code: ExitCode, name: str, words: list[str]) -> ExitCode:
    for line in words:
        print(line, file=sys.stderr)
    target = _json_target(arguments)
    if target is not None:
        from grader.cli.output import write_json
        from grader.core.words.errors import UsageFault

        error = {"code": name, "message": "\n".join(words)}
        try:
            write_json({"format_version": 1, "error": error}, target)
        except UsageFault:
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


def _log(error: Exception) -> str:
    import tempfile
    import traceback

    descriptor, name = tempfile.mkstemp(prefix="course-bug-", suffix=".log")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"{sys.version}\n{sys.argv}\n\n")
        traceback.print_exception(error, file=file)
    return name


_SPELLING = {
    "ŷ": "y^",
    "∂": "d",
    "ʻ": "'",
    "ʼ": "'",
    "‘": "'",
    "’": "'",
    "−": "-",
    "–": "-",
    "—": "-",
    "·": "*",
    "×": "x",
    "…": "...",
    "✓": "+",
    "✗": "x",
    "→": "->",
    "²": "^2",
    "³": "^3",
    "ᵀ": "^T",
    "≤": "<=",
    "≥": ">=",
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
}


def plain(text: str) -> str:
    """Return `text` in ASCII: known signs spelled out, accents dropped, the rest as question marks."""
    return "".join(_spelled(character) for character in text)


def never_fail() -> None:
    """Let standard output and error spell what their encoding lacks, and outlive their reader."""
    codecs.register_error("course-plain", _handle)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="course-plain")
    sys.stdout, sys.stderr = (_ascii_kept(_patient(stream)) for stream in (sys.stdout, sys.stderr))


class _Patient(FileIO):
    """Takes what is written even where nobody reads any more: `course list | head -1` is no failure of ours."""

    def write(self, data: Buffer, /) -> int:
        try:
            return super().write(data) or 0
        except OSError as error:
            # Windows says EINVAL where a pipe has no reader.
            if error.errno not in (errno.EPIPE, errno.EINVAL):
                raise
            return memoryview(data).nbytes


def _patient(stream: TextIO) -> TextIO:
    if not isinstance(stream, TextIOWrapper) or stream.isatty():
        return stream
    stream.flush()
    raw = _Patient(stream.fileno(), "w", closefd=False)
    return TextIOWrapper(BufferedWriter(raw), stream.encoding, "course-plain", line_buffering=stream.line_buffering)


class _Ascii(TextIOWrapper):
    """An ASCII stream under a name that click does not know: click writes UTF-8 to any stream called ASCII."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "ascii-spelled"


def _ascii_kept(stream: TextIO) -> TextIO:
    if not isinstance(stream, TextIOWrapper) or codecs.lookup(stream.encoding).name != "ascii":
        return stream
    return _Ascii(stream.detach(), "ascii", "course-plain", line_buffering=stream.line_buffering)


def _handle(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


def _spelled(character: str) -> str:
    if character.isascii():
        return character
    if character in _SPELLING:
        return _SPELLING[character]
    return unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode() or "?"
