"""The message catalogues, and what the source says. Run as a program, it brings them in step and compiles them:

.venv/bin/python tests/support/catalogues.py
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from repository import ROOT

LANGUAGES = ("uz", "en")
# click translates its own words through the same catalogue. Entries with this comment are there for it, some of them
# for older versions of click than the one installed.
CLICK = "click"
SPEAKING = [("**.py", "python"), ("**/templates/*.html", "jinja2")]
# A template that cannot be parsed would otherwise lose its texts without a word.
OPTIONS = {"**/templates/*.html": {"silent": "false"}}

MsgId = str | tuple[str, str]


def po_path(language: str) -> Path:
    return ROOT / "grader" / "locale" / language / "LC_MESSAGES" / "grader.po"


@cache
def catalogue(language: str) -> Catalog:
    """Return a catalogue as it stands in its file."""
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def collected() -> dict[MsgId, list[str]]:
    """Return every msgid of the source with the files that say it."""
    keywords = {**dict.fromkeys(("say", "Message", "_", "translate", "gettext")), "ngettext": (1, 2)}
    found: dict[MsgId, list[str]] = {}
    texts = extract_from_dir(ROOT / "grader", SPEAKING, OPTIONS, keywords)
    for filename, _line, message, _comments, _context in texts:
        if message:
            found.setdefault(message, []).append(f"grader/{filename}")
    return found


def in_step(language: str, old: Catalog, source: dict[MsgId, list[str]]) -> Catalog:
    """Return `old` with the source's msgids, and click's below them; new English ones are their own translation."""
    new = Catalog(locale=language, header_comment=old.header_comment, fuzzy=False)
    new.mime_headers = old.mime_headers
    for msgid, files in source.items():
        known = old.get(msgid if isinstance(msgid, str) else msgid[0])
        string = known.string if known and known.id == msgid else None
        new.add(msgid, string or (msgid if language == "en" else None), locations=[(file, 0) for file in files])
    for message in old:
        if CLICK in message.user_comments and message.id not in source:
            new.add(message.id, message.string, flags=message.flags, user_comments=[CLICK])
    return new


def main() -> int:
    """Rewrite both catalogues, compile them, and tell what a translator has to look at."""
    source, missing = collected(), 0
    for language in LANGUAGES:
        old = catalogue(language)
        new = in_step(language, old, source)
        with po_path(language).open("wb") as file:
            write_po(file, new, width=120, include_lineno=False)
        with po_path(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, new)
        kept = {message.id for message in new}
        for message in old:
            if message.id not in kept:
                sys.stdout.write(f"{language}: gone: {message.id!r} was {message.string!r}\n")
        for message in new:
            if message.id and not message.string:
                sys.stdout.write(f"{language}: translate: {message.id!r}\n")
                missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
