"""Text that cannot act where it is shown: neither on a terminal nor on the runner of a CI job.

A runner takes some lines of a job's output for commands of its own, whoever wrote them. What is printed here holds
names, messages and output of students' programs, so it all passes through `Inert`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# As in `core.words.message`, which help does without.
CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"
# GitHub (Gitea and Forgejo say so too), GitLab, Azure, TeamCity; CI is what most others set.
_RUNNERS = ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "TEAMCITY_VERSION", "CI")
_COLOUR = r"\x1b\[[0-9;]*m"
# What rich draws a bar with, besides: cursor up, erase, hide and show.
_DRAWING = rf"{_COLOUR}|\x1b\[[0-9]*[AK]|\x1b\[\?25[hl]|\r"
_IN_A_FILE = re.compile(rf"({_COLOUR}|\r(?=\n))|[{CONTROL}]")
_ON_A_TERMINAL = re.compile(rf"({_DRAWING})|[{CONTROL}]")

_LINE = re.compile(r"[^\n\r]*[\n\r]?")
# A runner trims blanks before it looks for its sign, and .NET compares as if what has no width were not there.
_NOTHING_SEEN = rf"(?:{_DRAWING}|[\s\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff])*"
_COMMAND = re.compile(rf"({_NOTHING_SEEN})(?=::|:\Z)")
_BLANK = re.compile(_NOTHING_SEEN)
# `##[error]`, `##vso[…]`, `##teamcity[…]` count anywhere in a line; the end of what is written may be inside of one.
_ANYWHERE = re.compile(r"#(?=#\w*(?:\[|\Z))")
_SECTION = re.compile(r"(section_(?:start|end)):")
_CONTROL = re.compile(f"[{CONTROL}]")
_SIGN = "| "


def in_ci(environment: Mapping[str, str]) -> bool:
    """Return whether these variables are those of a job whose output a runner reads."""
    return any(environment.get(name, "").lower() not in ("", "0", "false") for name in _RUNNERS)


def json_text(content: object, ascii_only: bool = False, indent: int | None = None) -> str:
    """Return an object as JSON in which nothing acts either: the same text to whoever reads it as JSON."""
    import json

    text = json.dumps(content, ensure_ascii=ascii_only, indent=indent)
    text = _CONTROL.sub(lambda found: json.dumps(found[0])[1:-1], text)
    return _SECTION.sub(r"\1\\u003a", _ANYWHERE.sub(r"\\u0023", text))


class Inert:
    """Takes a stream's text piece by piece.

    Args:
        terminal: whether it is drawn on: colours and the bar of a batch stay then, and nothing else that controls.
        runner: whether commands of CI runners are broken, with a sign that is seen.
    """

    def __init__(self, terminal: bool, runner: bool) -> None:
        self._control = _ON_A_TERMINAL if terminal else _IN_A_FILE
        self._runner = runner
        self._begun = self._hash = False

    def __call__(self, text: str) -> str:
        """Return the next piece as it may be written."""
        text = self._control.sub(lambda found: found[1] or "?", text)
        return "".join(map(self._line, _LINE.findall(text))) if self._runner else text

    def _line(self, piece: str) -> str:
        if not piece:
            return piece
        broken = _SECTION.sub(r"\1 :", _ANYWHERE.sub("# ", piece))
        if not self._begun:
            broken = f"{found[1]}{_SIGN}{broken[found.end() :]}" if (found := _COMMAND.match(broken)) else broken
        elif self._hash and piece.startswith("#"):
            broken = " " + broken
        ended = piece.endswith(("\n", "\r"))
        self._begun = not ended and (self._begun or _BLANK.fullmatch(piece) is None)
        self._hash = piece.endswith("#")
        return broken
