"""When work was handed in, from the grading worksheet of Moodle: beside the download, which does not say it.

Moodle writes times in words, in the language and on the clock of whoever downloads. Read is what can mean one thing
only; the clock is taken to be the course's, which is told.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.machine.files import read_file

# English, Russian, Spanish, German, French, Portuguese, Italian, Turkish, Uzbek.
_HEADERS = frozenset(
    (
        "last modified (submission)|последнее изменение (ответ)|последнее изменение (ответа)|"
        "última modificación (entrega)|última modificación (envío)|zuletzt geändert (abgabe)|"
        "dernière modification (travail remis)|dernière modification (remise)|última modificação (envio)|"
        "última modificação (trabalho)|ultima modifica (consegna)|son değiştirme (gönderim)|"
        "oxirgi oʻzgartirish (topshiriq)"
    ).split("|")
)
_MONTHS = (
    "january|января|январь|enero|januar|janvier|janeiro|gennaio|ocak|yanvar",
    "february|февраля|февраль|febrero|februar|février|fevereiro|febbraio|şubat|fevral",
    "march|марта|март|marzo|märz|mars|março|mart",
    "april|апреля|апрель|abril|avril|aprile|nisan|aprel",
    "may|мая|май|mayo|mai|maio|maggio|mayıs",
    "june|июня|июнь|junio|juni|juin|junho|giugno|haziran|iyun",
    "july|июля|июль|julio|juli|juillet|julho|luglio|temmuz|iyul",
    "august|августа|август|agosto|août|ağustos|avgust",
    "september|сентября|сентябрь|septiembre|septembre|setembro|settembre|eylül|sentabr|sentyabr",
    "october|октября|октябрь|octubre|oktober|octobre|outubro|ottobre|ekim|oktabr|oktyabr",
    "november|ноября|ноябрь|noviembre|novembre|novembro|kasım|noyabr",
    "december|декабря|декабрь|diciembre|dezember|décembre|dezembro|dicembre|aralık|dekabr",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_TIME = re.compile(
    r"(?:[^\d,]{1,30},?\s+)?(\d{1,2})\.?\s+(?:de\s+)?([^\W\d]{3,12})\.?\s+(?:de\s+)?(\d{4})\D{1,4}(\d{1,2}):(\d\d)"
    r"(?:\s*([ap])\.?m\.?)?\s*",
    re.IGNORECASE,
)
_PARTICIPANT = re.compile(r"\D{1,40}(\d+)\s*")
_NONE = ("", "-", "–")


@dataclass(frozen=True)
class Times:
    """What worksheets say.

    Attributes:
        handed_in: by the participant's number.
        unread: how many cells can mean several things, or nothing.
    """

    handed_in: Mapping[str, datetime]
    unread: int = 0


def is_worksheet(source: Path) -> bool:
    """Return whether this is a table beside a download, and no download."""
    return source.suffix.lower() == ".csv"


def read_times(sources: Sequence[Path], zone: tzinfo) -> Times:
    """Return when participants handed in, by Moodle's grading worksheets.

    Raises:
        UsageFault: where one cannot be read, or has no column of such times.
    """
    handed_in: dict[str, datetime] = {}
    unread = 0
    for source in sources:
        cells = dict(_cells(source))
        found = {number: _TIME.fullmatch(text.strip()) for number, text in cells.items()}
        in_halves = any(match is not None and match[6] for match in found.values())
        by_24 = any(match is not None and not 1 <= int(match[4]) <= 12 for match in found.values())
        for number, match in found.items():
            # A quarter past ten in a table that never goes past twelve may be morning or evening.
            clear = match is not None and (match[6] if in_halves else by_24)
            moment = _moment(match, zone) if match is not None and clear else None
            if moment is None:
                unread += 1
            else:
                handed_in[number] = moment
    return Times(handed_in, unread)


def _cells(source: Path) -> Iterator[tuple[str, str]]:
    """Yield the number of each participant who handed in, with the time as it stands there."""
    try:
        text = read_file(source).decode("utf-8-sig")
        head = text.partition("\n")[0]
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count)))
    except (UnicodeDecodeError, csv.Error):
        raise _none(source) from None
    titles = [" ".join(title.casefold().split()) for title in rows[0]] if rows else []
    column = next((place for place, title in enumerate(titles) if title in _HEADERS), None)
    if column is None:
        raise _none(source)
    for row in rows[1:]:
        number = next((match[1] for cell in row[:1] if (match := _PARTICIPANT.fullmatch(cell))), None)
        if number is not None and len(row) > column and row[column].strip() not in _NONE:
            yield number, row[column]


def _none(source: Path) -> UsageFault:
    return UsageFault(
        say(
            "{file}: this is no grading worksheet of Moodle that says when work was handed in (column Last modified "
            "(submission)); a download is a zip or a folder",
            file=source,
        )
    )


def _moment(match: re.Match[str], zone: tzinfo) -> datetime | None:
    month = _MONTH.get(match[2].casefold())
    hour = int(match[4])
    if match[6]:
        hour = hour % 12 + (12 if match[6].lower() == "p" else 0)
    try:
        return datetime(int(match[3]), month or 0, int(match[1]), hour, int(match[5]), tzinfo=zone)
    except ValueError:
        return None
