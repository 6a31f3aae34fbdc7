"""The grader's own messages in several languages at once."""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import grader
from grader import LANGUAGES

if TYPE_CHECKING:
    from grader.core.words.message import Translate

_DOMAIN = "grader"
_FOLDER = Path(grader.__file__).parent / "locale"


@cache
def translation(language: str) -> Translate:
    """Return what translates messages into `language`; English if there is no such catalogue."""
    found = gettext.translation(_DOMAIN, str(_FOLDER), [language], fallback=True)
    return lambda text: found.gettext(text) if text else ""


def translations(languages: Sequence[str] = LANGUAGES) -> dict[str, Translate]:
    """Return what puts messages into each of these languages."""
    return {language: translation(language) for language in languages}
