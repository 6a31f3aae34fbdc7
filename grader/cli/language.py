"""The language of what is said: --lang, then the environment, then the course's own, then English."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from grader import LANGUAGES, environment_language

__all__ = ["LANGUAGES", "of_course", "speak", "spoken", "translate", "wanted"]

_DOMAIN = "grader"
_FOLDER = Path(__file__).parent.parent / "locale"

_ = gettext.gettext


def wanted(arguments: Sequence[str]) -> str | None:
    """Return the language that the command line or the environment asks for, if it is one of ours."""
    for place, argument in enumerate(arguments):
        named = arguments[place + 1] if argument == "--lang" and place + 1 < len(arguments) else argument
        if argument.startswith("--lang") and (named := named.removeprefix("--lang=")) in LANGUAGES:
            return named
    return environment_language()


def of_course(folder: Path) -> str | None:
    """Return the first language of the course at or above `folder`, if it is one of ours.

    Help is printed before YAML can be read, which would take longer than the help; this only looks for the line.
    """
    for place in (folder, *folder.parents):
        try:
            text = (place / "course.yaml").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        found = re.search(r"^languages:[\s\[\-\"']*([a-z]{2,3})\b", text, re.MULTILINE)
        return found[1] if found and found[1] in LANGUAGES else None
    return None


def speak(language: str | None) -> str:
    """Make `language` that of every later message, click's too, and return it; None is English."""
    language = language or "en"
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(_DOMAIN, str(_FOLDER))
    gettext.textdomain(_DOMAIN)
    return language


def spoken() -> str:
    """Return the language that `speak` was last told."""
    return os.environ.get("LANGUAGE", "en")


def translate(text: str) -> str:
    """Return a message in the language spoken; the empty text stays empty."""
    return _catalogue(spoken()).gettext(text) if text else ""


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    # gettext.gettext would look for the file each time: of a class's thousand comments that is the larger part.
    return gettext.translation(_DOMAIN, str(_FOLDER), [language], fallback=True)
