"""The policies of course.yaml: every fault is told at once, with its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.core.course.policies.attempts import AttemptRules
from grader.core.course.policies.lateness import Early, Late
from grader.core.course.policies.policy import Attempts, Policy
from grader.core.course.policies.slack import Slack
from grader.core.words.errors import CourseInvalid
from grader.store.course.course_files import find_course

Read = Callable[[str], Policy]
Told = Callable[[str], list[str]]
KEYS = "timezone, due, late, early, slack, attempts, extensions"
LATE = "grace, penalty, every, at_most"
UNITS = "s, min, h, day, days, week, weeks"
IDS = "4, 4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7, 4.8"
# course.yaml has 12 lines of its own; `policies:` is the 13th.
RIGHT = """\
policies:
  timezone: Asia/Tashkent
  due:
    "4": 2026-12-01 23:59
    "4.8": 2026-12-20
  late: {grace: 15 min, penalty: 10 %, every: 1 day, at_most: 50 %}
  attempts: last
  extensions:
    s007: {"4": 2026-12-08 23:59}
"""


@pytest.fixture
def read(course: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return a function that puts `text` at the end of course.yaml and reads the policies."""
    monkeypatch.chdir(course)
    # Without what `course check` asks for: the places below are counted from a course without it.
    lines = (course / "course.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    own = "".join(line for line in lines if "course check" not in line and not line.startswith("check:"))
    assert own.count("\n") == 12

    def read(text: str) -> Policy:
        (course / "course.yaml").write_text(own + text, encoding="utf-8")
        return find_course(course).course.policy

    return read


@pytest.fixture
def told(read: Read) -> Told:
    def told(text: str) -> list[str]:
        try:
            read(text)
        except CourseInvalid as error:
            return [f"{fault.at}: {fault.message.said(str)}" for fault in error.faults]
        return []

    return told


def of(**given: str) -> str:
    """Return policies of these keys, in lines 14 and on."""
    return "policies:\n" + "".join(f"  {key}: {value}\n" for key, value in given.items())


def due(date: str, zone: str = "UTC") -> str:
    return of(timezone=zone, due=f'{{"4": {date}}}')


def test_what_is_read_of_right_policies(read: Read) -> None:
    zone = ZoneInfo("Asia/Tashkent")
    assert read(RIGHT) == Policy(
        {"4": datetime(2026, 12, 1, 23, 59, 59, 999999, zone), "4.8": datetime(2026, 12, 20, 23, 59, 59, 999999, zone)},
        Late(timedelta(minutes=15), 0.1, timedelta(days=1), 0.5),
        Attempts.LAST,
        {"s007": {"4": datetime(2026, 12, 8, 23, 59, 59, 999999, zone)}},
        zone,
    )


def test_a_course_without_policies_takes_the_best_at_any_time(read: Read) -> None:
    assert read("") == Policy()


def test_every_fault_is_told_at_once_with_its_place(told: Told) -> None:
    text = """\
policies:
  timezone: Asia/Tashkend
  due:
    "4": tomorrow
    "4.99": 2026-12-01
  lat: 1
  late: {grace: 15, penalty: 10, evry: 1 day, at_most: 120 %}
  attempts: bset
  extensions:
    s007: {"5": 2026-12-08 23:59}
"""
    assert told(text) == [
        "course.yaml:14:13: Asia/Tashkend is not a time zone; write it as Asia/Tashkent",
        "course.yaml:16:10: tomorrow is not a date and time; write it as 2026-12-01 23:59",
        f"course.yaml:17:5: there is no lecture or exercise 4.99; allowed: {IDS}",
        f"course.yaml:18:3: unknown key lat; did you mean late? allowed: {KEYS}",
        f"course.yaml:19:17: 15 is not a time; write it as 15 min; units: {UNITS}",
        "course.yaml:19:30: 10 is not a share; write it as 10 %, at most 100 %",
        f"course.yaml:19:34: unknown key evry; did you mean every? allowed: {LATE}",
        "course.yaml:19:56: 120 % is not a share; write it as 10 %, at most 100 %",
        "course.yaml:20:13: found bset; did you mean best? allowed: last, best",
        f"course.yaml:22:12: there is no lecture or exercise 5; allowed: {IDS}",
    ]


class TestDates:
    def test_a_day_ends_where_the_course_is(self, read: Read) -> None:
        found = read(due("2026-12-01", "Asia/Tashkent")).due["4"]
        assert found.astimezone(UTC).replace(microsecond=0) == datetime(2026, 12, 1, 18, 59, 59, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("date", "utc"),
        [
            ("2026-03-28", "22:59:59"),
            ("2026-03-29", "21:59:59"),
            ("2026-10-24", "21:59:59"),
            ("2026-10-25", "22:59:59"),
        ],
    )
    def test_a_day_on_which_clocks_change_ends_at_its_own_midnight(self, read: Read, date: str, utc: str) -> None:
        found = read(due(date, "Europe/Berlin")).due["4"].astimezone(UTC)
        assert f"{found:%Y-%m-%d %H:%M:%S}" == f"{date} {utc}"

    @pytest.mark.parametrize(
        "moment", ["2026-12-01 18:00", "2026-12-01T18:00", "2026-12-01 18:00:00", "'2026-12-01 18:00 '"]
    )
    def test_a_time_is_read_as_people_write_it(self, read: Read, moment: str) -> None:
        found = read(due(moment)).due["4"]
        assert found.replace(second=0, microsecond=0) == datetime(2026, 12, 1, 18, tzinfo=UTC)

    @pytest.mark.parametrize("moment", ["2026-12-01", "2026-12-01 23:59", "2026-12-01 23:59:59"])
    def test_a_day_a_minute_and_a_second_are_due_at_their_end(self, read: Read, moment: str) -> None:
        found = read(due(moment)).due["4"]
        assert found < datetime(2026, 12, 2, tzinfo=UTC) <= found + timedelta(microseconds=1)

    @pytest.mark.parametrize("moment", ["2026-12-01 18:00:00+05:00", "2026-12-01T13:00:00Z"])
    def test_an_offset_goes_before_the_zone(self, read: Read, moment: str) -> None:
        for found in (read(due(moment, "Asia/Tashkent")), read(of(due=f'{{"4": {moment}}}'))):
            assert found.due["4"].replace(microsecond=0) == datetime(2026, 12, 1, 13, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            (of(due='{"4": 2026-12-01 18:00}'), "14:14"),
            (of(due='{"4": 2026-12-01 18:00Z, "4.8": 2026-12-01}'), "14:40"),
            (of(extensions='{s001: {"4": 2026-12-01}}'), "14:28"),
        ],
        ids=["time", "day", "extension"],
    )
    def test_a_date_without_any_time_zone_is_told(self, told: Told, text: str, place: str) -> None:
        (fault,) = told(text)
        assert fault.startswith(f"course.yaml:{place}: this date has no time zone; add to policies: timezone: ")

    def test_the_zone_may_stand_below_the_dates(self, read: Read) -> None:
        found = read(of(due='{"4": 2026-12-01 18:00:00}', timezone="Asia/Tashkent")).due["4"]
        assert found.replace(microsecond=0) == datetime(2026, 12, 1, 13, tzinfo=UTC)

    @pytest.mark.parametrize(
        "date",
        [
            *("2026-13-01", "2026-02-29", "2026-12-01 24:01", "2026-12-01 9:05", "2026-12-01 23", "01.12.2026"),
            *("2026-W10", "20261201", "2026-12-01+05:00", "2026-12-01 23:59 Asia/Tashkent", "٢٠٢٦-12-01"),
            *("2026-12-01 23:59+99:00", "0000-01-01"),
        ],
    )
    def test_another_date_is_told(self, told: Told, date: str) -> None:
        assert told(due(date)) == [
            f"course.yaml:15:14: {date} is not a date and time; write it as 2026-12-01 23:59",
        ]

    @pytest.mark.parametrize("value", ["[2026-12-01]", "{a: b}"])
    def test_a_list_is_no_date(self, told: Told, value: str) -> None:
        (fault,) = told(due(value))
        assert fault.startswith("course.yaml:15:14: found ")

    @pytest.mark.parametrize("value", ["", "2026-12-01", "[a]"])
    def test_dates_are_given_by_exercise(self, told: Told, value: str) -> None:
        (fault,) = told(of(due=value))
        assert fault.endswith('write it as {"4": 2026-12-01 23:59}')

    def test_4_10_is_not_4_1(self, told: Told) -> None:
        (fault,) = told(of(due='{"4.10": 2026-12-01T00:00Z}'))
        assert fault.startswith("course.yaml:14:9: there is no lecture or exercise 4.10; did you mean 4.1?")

    def test_an_exercise_named_twice_is_told(self, told: Told) -> None:
        assert told(of(due='{"4": 2026-12-01, "4": 2026-12-02}')) == [
            "course.yaml:14:26: duplicate key 4; first in line 14"
        ]


class TestZones:
    @pytest.mark.parametrize(
        "zone", ["Tashkent", "../../etc/passwd", "/etc/localtime", "Asia", "UTC+5", "''", "'a\\0b'"]
    )
    def test_an_unknown_zone_is_told(self, told: Told, zone: str) -> None:
        (fault,) = told(of(timezone=zone))
        assert fault.startswith("course.yaml:14:13: ") and fault.endswith(
            " is not a time zone; write it as Asia/Tashkent"
        )

    def test_a_list_is_no_zone(self, told: Told) -> None:
        assert told(of(timezone="[UTC]")) == [
            "course.yaml:14:13: found a list; expected a time zone such as Asia/Tashkent"
        ]


class TestLate:
    @pytest.mark.parametrize(
        ("written", "seconds"),
        [
            *(("15 min", 900), ("15min", 900), ("90 s", 90), ("1 h", 3600), ("1.5 h", 5400), ("1,5h", 5400)),
            *(("1 day", 86400), ("2 days", 172800), ("1 week", 604800), ("2 weeks", 1209600)),
        ],
    )
    def test_a_time_has_a_number_and_a_unit(self, read: Read, written: str, seconds: int) -> None:
        late = read(of(late=f"{{grace: '{written}', penalty: 10 %, every: '{written}'}}")).late
        assert late.grace == late.every == timedelta(seconds=seconds)

    @pytest.mark.parametrize(
        "written", ["15", "min", "15 minutes", "-1 day", "0 s", "nan s", "inf s", "1e300 days", "1 2 h", "15 MIN", "''"]
    )
    def test_another_time_is_told(self, told: Told, written: str) -> None:
        found = '""' if written == "''" else written
        assert told(of(late=f"{{every: {written}, penalty: 10 %}}")) == [
            f"course.yaml:14:17: {found} is not a time; write it as 15 min; units: {UNITS}"
        ]

    @pytest.mark.parametrize(
        ("written", "share"), [("10 %", 0.1), ("10%", 0.1), ("0 %", 0), ("100 %", 1), ("2,5 %", 0.025)]
    )
    def test_a_share_is_a_percentage(self, read: Read, written: str, share: float) -> None:
        assert read(of(late=f"{{penalty: '{written}'}}")).late.penalty == pytest.approx(share)

    @pytest.mark.parametrize("written", ["10", "0.1", "-1 %", "100.1 %", "nan %", "10 % of it", "10 %%", "ten %"])
    def test_another_share_is_told(self, told: Told, written: str) -> None:
        assert told(of(late=f"{{penalty: {written}}}")) == [
            f"course.yaml:14:19: {written} is not a share; write it as 10 %, at most 100 %"
        ]

    def test_lateness_that_costs_nothing_has_no_rules(self, told: Told) -> None:
        needs = "says nothing without penalty: add what lateness costs, such as 10 %"
        assert told(of(late="{every: 1 day, at_most: 50 %, grace: 1 h}")) == [
            f"course.yaml:14:17: every {needs}",
            f"course.yaml:14:33: at_most {needs}",
            f"course.yaml:14:46: grace {needs}",
        ]

    def test_a_word_is_no_rule(self, told: Told) -> None:
        assert told(of(late="never")) == [f"course.yaml:14:9: found never; expected keys: {LATE}"]


class TestTheRest:
    def test_policies_without_anything_are_told(self, told: Told) -> None:
        assert told("policies:\n") == [f"course.yaml:13:10: found nothing; expected keys: {KEYS}"]

    def test_another_word_for_attempts_is_told(self, told: Told) -> None:
        assert told(of(attempts="average")) == ["course.yaml:14:13: found average; allowed: last, best"]

    def test_extensions_are_given_by_student(self, told: Told) -> None:
        assert told(of(extensions="s001")) == ["course.yaml:14:15: found s001; write it as s001: {…}"]

    def test_a_student_has_dates(self, told: Told) -> None:
        assert told(of(extensions="{s001: 2026-12-01}")) == [
            'course.yaml:14:22: found 2026-12-01; write it as {"4": 2026-12-01 23:59}'
        ]

    def test_a_student_may_have_any_name(self, read: Read) -> None:
        extensions = read(
            of(extensions="{'Gʻulom Oʻrinov': {'4': 2026-12-01T00:00Z}, 001: {'4': 2026-12-01T00:00Z}}")
        ).extensions
        assert list(extensions) == ["Gʻulom Oʻrinov", "001"]


@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["timezone", "due", "late", "attempts", "extensions"]), st.text(max_size=20))
def test_any_text_is_read_or_told(told: Told, key: str, text: str) -> None:
    escaped = "".join(f"\\U{ord(sign):08x}" for sign in text if not "\ud800" <= sign <= "\udfff")
    inner = {"due": '{"4": "%s"}', "late": '{grace: "%s", penalty: "%s"}', "extensions": '{"%s": {"4": "%s"}}'}
    told(of(**{key: inner.get(key, '"%s"').replace("%s", escaped)}))


class TestAttempts:
    def test_rules_are_read_for_everything_for_kinds_and_for_exercises(self, read: Read) -> None:
        text = """\
policies:
  attempts:
    counts: last
    free: 3
    cost: 10 %
    at_most: 50 %
    pause: 10 min
    for:
      asks: {free: 2, cost: 25 %, limit: 4}
      "4.3": {limit: 1}
"""
        assert read(text).attempts is Attempts.LAST
        assert read(text).attempt_rules == {
            "": AttemptRules(3, 0.1, 0.5, None, timedelta(minutes=10)),
            "asks": AttemptRules(2, 0.25, limit=4),
            "4.3": AttemptRules(limit=1),
        }

    def test_every_fault_of_the_rules_is_told_with_its_place(self, told: Told) -> None:
        text = """\
policies:
  attempts:
    free: 2
    limit: 0
    for:
      stated: {limit: 2}
      asks: {pause: soon, at_most: 20 %}
"""
        kinds = "asks, checks, tests, questions"
        needs = "says nothing without cost: add what each further attempt costs, such as 10 %"
        assert told(text) == [
            f"course.yaml:15:11: free {needs}",
            "course.yaml:16:12: 0 is out of range; allowed: 1 … 1000",
            f"course.yaml:18:7: there is no lecture, exercise or kind of exercise stated; allowed: {kinds}, {IDS}",
            f"course.yaml:19:21: soon is not a time; write it as 15 min; units: {UNITS}",
            f"course.yaml:19:36: at_most {needs}",
        ]

    def test_being_early_and_slack_days_are_read(self, read: Read) -> None:
        text = """\
policies:
  timezone: UTC
  early: {bonus: 2 %, every: 1 day, at_most: 10 %, above_maximum: true}
  slack: {days: 4, at_most: 2, released: [2026-12-20 12:00, 2026-12-10 12:00]}
"""
        released = (datetime(2026, 12, day, 12, 0, 59, 999999, ZoneInfo("UTC")) for day in (10, 20))
        assert read(text).early == Early(0.02, timedelta(days=1), 0.1, above_maximum=True)
        assert read(text).slack == Slack(4, 2, tuple(released))

    def test_what_they_lack_is_told(self, told: Told) -> None:
        assert told(of(early="{bonus: 2 %, every: 1 day}", slack="{released: 2026-12-10}")) == [
            "course.yaml:14:10: the key at_most is missing",
            "course.yaml:15:10: the key days is missing",
            "course.yaml:15:21: this date has no time zone; add to policies: timezone: Asia/Tashkent (earlier versions "
            "read it as UTC)",
        ]
