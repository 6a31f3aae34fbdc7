"""Times of Moodle's worksheet are read where they can mean one thing only."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.core.words.errors import UsageFault
from grader.store.downloads.moodle_times import Times, read_times

ZONE = ZoneInfo("Asia/Tashkent")


def read(tmp_path: Path, header: str, *cells: str, delimiter: str = ",") -> Times:
    path = tmp_path / "Grades.csv"
    lines = [f"Identifier{delimiter}{header}"]
    lines += [f'Participant {number}{delimiter}"{cell}"' for number, cell in enumerate(cells, 1)]
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    return read_times([path], ZONE)


@pytest.mark.parametrize(
    ("header", "cell", "moment"),
    [
        ("Last modified (submission)", "Monday, 2 March 2026, 10:15 AM", (2026, 3, 2, 10, 15)),
        ("Last modified (submission)", "Monday, 2 March 2026, 12:05 AM", (2026, 3, 2, 0, 5)),
        ("Last modified (submission)", "2 March 2026, 12:05 PM", (2026, 3, 2, 12, 5)),
        ("Последнее изменение (ответ)", "понедельник, 2 марта 2026, 22:15", (2026, 3, 2, 22, 15)),
        ("Última modificación (entrega)", "lunes, 2 de marzo de 2026, 13:00", (2026, 3, 2, 13, 0)),
        ("Zuletzt geändert (Abgabe)", "Montag, 2. März 2026, 23:59", (2026, 3, 2, 23, 59)),
        ("Last modified (submission)", "Monday, March 2, 2026, 10:15\u202fPM", (2026, 3, 2, 22, 15)),
        ("Oxirgi o'zgartirish (topshiriq)", "dushanba, 2-mart 2026, 22:15", (2026, 3, 2, 22, 15)),
        ("Oxirgi oʻzgartirish (topshiriq)", "2026-yil 2-noyabr, 22:15", (2026, 11, 2, 22, 15)),
        ("Oxirgi oʻzgartirish (topshiriq)", "душанба, 2 ноябр 2026, 22:15", (2026, 11, 2, 22, 15)),
    ],
)
def test_a_time_in_words_is_read_on_the_clock_of_the_course(
    tmp_path: Path, header: str, cell: str, moment: tuple[int, int, int, int, int]
) -> None:
    year, month, day, hour, minute = moment
    assert read(tmp_path, header, cell, "-").handed_in == {"1": datetime(year, month, day, hour, minute, tzinfo=ZONE)}


@pytest.mark.parametrize("cell", ["2 March 2026, 10:15", "02/03/2026, 22:15", "yesterday", "32 March 2026, 22:15"])
def test_what_can_mean_several_things_is_counted_and_not_read(tmp_path: Path, cell: str) -> None:
    assert read(tmp_path, "Last modified (submission)", cell) == Times({}, 1)


def test_one_afternoon_shows_that_hours_go_to_24(tmp_path: Path) -> None:
    times = read(tmp_path, "Last modified (submission)", "2 March 2026, 10:15", "2 March 2026, 22:15", delimiter=";")
    assert sorted(times.handed_in) == ["1", "2"]


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageFault):
        read(tmp_path, "Grade", "5")


def test_no_cell_keeps_the_reader_busy(tmp_path: Path) -> None:
    for cell in ("a " * 50_000, "1 " * 50_000, "x" * 100_000):
        assert read(tmp_path, "Last modified (submission)", cell).unread == 1
