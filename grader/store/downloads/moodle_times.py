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

from grader.core.people.names import plain
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.machine.files import read_file

# English, Russian, Spanish, German, French, Portuguese, Italian, Turkish, Uzbek.
_HEADERS = frozenset(
    plain(title)
    for title in (
        "last modified (submission)|последнее изменение (ответ)|последнее изменение (ответа)|"
        "última modificación (entrega)|última modificación (envío)|zuletzt geändert (abgabe)|"
        "dernière modification (travail remis)|dernière modification (remise)|última modificação (envio)|"
        "última modificação (trabalho)|ultima modifica (consegna)|son değiştirme (gönderim)|"
        "oxirgi oʻzgartirish (topshiriq)"
    ).split("|")
)
_MONTHS = (
    "january|январ|января|январь|enero|januar|janvier|janeiro|gennaio|ocak|yanvar",
    "february|феврал|февраля|февраль|febrero|februar|février|fevereiro|febbraio|şubat|fevral",
    "march|марта|март|marzo|märz|mars|março|mart",
    "april|апрел|апреля|апрель|abril|avril|aprile|nisan|aprel",
    "may|мая|май|mayo|mai|maio|maggio|mayıs",
    "june|июн|июня|июнь|junio|juni|juin|junho|giugno|haziran|iyun",
    "july|июл|июля|июль|julio|juli|juillet|julho|luglio|temmuz|iyul",
    "august|августа|август|agosto|août|ağustos|avgust",
    "september|сентябр|сентября|сентябрь|septiembre|septembre|setembro|settembre|eylül|sentabr|sentyabr",
    "october|октябр|октября|октябрь|octubre|oktober|octobre|outubro|ottobre|ekim|oktabr|oktyabr",
    "november|ноябр|ноября|ноябрь|noviembre|novembre|novembro|kasım|noyabr",
    "december|декабр|декабря|декабрь|diciembre|dezember|décembre|dezembro|dicembre|aralık|dekabr",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_DAY, _WORD, _YEAR = r"(?P<day>\d{1,2})", r"(?P<month>[^\W\d]{3,12})", r"(?P<year>\d{4})"
_CLOCK = r"\D{1,4}(?P<hour>\d{1,2}):(?P<minute>\d\d)(?:\s*(?P<half>[ap])\.?m\.?)?\s*"
# 20 November 2026, in America November 20, 2026, in Uzbekistan also 2026-yil 20-noyabr.
_TIMES = tuple(
    re.compile(rf"(?:[^\d,]{{1,30}},?\s+)?{date}{_CLOCK}", re.IGNORECASE)
    for date in (
        rf"{_DAY}(?:\.?\s+|-)(?:de\s+)?{_WORD}\.?,?\s+(?:de\s+)?{_YEAR}",
        rf"{_WORD}\s+{_DAY},\s+{_YEAR}",
        rf"{_YEAR}-yil\s+{_DAY}(?:\s+|-){_WORD}",
    )
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
        found = {number: _time(text.strip()) for number, text in cells.items()}
        in_halves = any(match is not None and match["half"] for match in found.values())
        by_24 = any(match is not None and not 1 <= int(match["hour"]) <= 12 for match in found.values())
        for number, match in found.items():
            # A quarter past ten in a table that never goes past twelve may be morning or evening.
            clear = match is not None and (match["half"] if in_halves else by_24)
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
    titles = [plain(title) for title in rows[0]] if rows else []
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


def _time(text: str) -> re.Match[str] | None:
    return next((match for each in _TIMES if (match := each.fullmatch(text))), None)


def _moment(match: re.Match[str], zone: tzinfo) -> datetime | None:
    month = _MONTH.get(match["month"].casefold())
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    try:
        return datetime(int(match["year"]), month or 0, int(match["day"]), hour, int(match["minute"]), tzinfo=zone)
    except ValueError:
        return None
