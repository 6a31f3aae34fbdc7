"""The pages of a class: what they say, that they run and load nothing, and that they fit where they are read."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from browsing import HOSTILE, Parsed, measured
from catalogues import LANGUAGES, collected
from driving import Browser

from grader.core.cohort.at_risk import needs
from grader.core.cohort.summary import Standing
from grader.core.course.exercise import Check, Coded, Exercise
from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.policy import Grade, Override, State
from grader.core.findings.recorded import read_report
from grader.core.people.student import Student
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, NamedMisconception, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.errors import UsageFault
from grader.core.words.message import Text
from grader.integrations.pages.class_page import class_page, sheets
from grader.integrations.pages.plots import bin_of
from grader.integrations.pages.rendering import span
from grader.integrations.pages.student_page import student_page
from grader.integrations.pages.writing import write_pages
from grader.store.machine.catalogues import translation, translations

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)

languages = pytest.mark.parametrize("language", LANGUAGES)


def exercise(id: str, points: float = 4, title: str = "") -> Exercise:
    work = Coded(b"", (Check("forward", points / 2, ()), Check("loss", points / 2, ())))
    return Exercise(id, Text.of({"en": title, "uz": title}), Text.of({}), work, b"", False)


EXERCISES = (exercise("4.1", title="The chain rule"), exercise("4.2", title="A long title, " * 8))


def check(verdict: str = "fail", message: str = "", named: Mapping[str, str] | None = None) -> CheckResult:
    said = (finding("as-written", text=message),) if message else ()
    causes = tuple(NamedMisconception(name, finding("as-written", text=hint)) for name, hint in (named or {}).items())
    return CheckResult("forward", RunStatus.COMPLETED, Verdict(verdict), 2.0, said, causes)


def graded(student: str, exercise: str, points: float, *checks: CheckResult, **more: Any) -> Standing:
    attempt = Attempt(NOW, points)
    grade = Grade(student, exercise, State.GRADED, 4, points, points=points, attempt=attempt, attempts=1, **more)
    return Standing(grade, Report(exercise, student, "full", False, checks))


def missing(student: str, exercise: str) -> Standing:
    return Standing(Grade(student, exercise, State.MISSING, 4))


def void(student: str, exercise: str) -> Standing:
    return Standing(
        Grade(student, exercise, State.VOID, 4, attempt=Attempt(NOW, None)),
        Report(exercise, student, "full", False, (check("void"),)),
    )


def roster(*ids: str) -> dict[str, Student]:
    return {id: Student(id) for id in ids}


def page(
    standings: Sequence[Standing],
    students: Mapping[str, Student],
    exercises: Sequence[Exercise] = EXERCISES,
    language: str = "en",
    unrecognised: int = 0,
) -> str:
    told = translation(language)
    return class_page("Deep learning", standings, students, exercises, told, language, NOW, unrecognised)


def page_of(student: Student, standings: Sequence[Standing], language: str = "en") -> str:
    return student_page(student, standings, EXERCISES, translation(language), language)


def of_many(count: int, exercises: int = 8) -> str:
    asked = [exercise(f"4.{place}") for place in range(exercises)]
    students = {f"s{place:04}": Student(f"s{place:04}", "Dilnoza Yoʻldosheva Karimovna") for place in range(count)}
    standings = [
        graded(student, one.id, place % 5, check(named={"sign-flipped": "Walk downhill."}))
        for place, student in enumerate(students)
        for one in asked
    ]
    return page(standings, students, asked)


def hostile_pages() -> list[str]:
    report = check("error", HOSTILE, {HOSTILE: HOSTILE})
    bad = [exercise(HOSTILE, title=HOSTILE), EXERCISES[0]]
    override = Override(1, HOSTILE, HOSTILE, NOW)
    standings = [
        graded(HOSTILE, HOSTILE, 0, report),
        graded(HOSTILE, "4.1", 0, report, override=override),
    ]
    student = Student(HOSTILE, HOSTILE, HOSTILE)
    return [
        class_page(HOSTILE, standings, {HOSTILE: student}, bad, translation("en"), "en", NOW),
        student_page(student, standings, bad, translation("en"), "en"),
    ]


@pytest.mark.parametrize("place", [0, 1], ids=["class", "student"])
def test_hostile_text_is_shown_and_never_run(place: int) -> None:
    parsed = Parsed(hostile_pages()[place])
    assert not {"script", "img", "iframe", "object", "embed", "form", "base"} & {tag for tag, _ in parsed.elements}
    assert not [name for _, attributes in parsed.elements for name in attributes if name.startswith("on")]
    assert parsed.text.count(HOSTILE) >= 3
    assert not parsed.open


def test_every_page_forbids_the_browser_to_load_or_run_anything() -> None:
    for text in hostile_pages():
        (policy,) = [
            attributes["content"]
            for tag, attributes in Parsed(text).elements
            if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        assert "script-src" not in policy


def test_pages_refer_to_nothing_outside_themselves() -> None:
    for text in [*hostile_pages(), page([graded("s1", "4.1", 4)], roster("s1"))]:
        parsed = Parsed(text)
        addresses = [value for name in ("href", "src", "xlink:href") for value in parsed.attributes(name)]
        assert all(re.match(r"#|students/|\.\./index\.html|data:,$", address) for address in addresses)
        assert not [value for _, attributes in parsed.elements for value in attributes.values() if "://" in value]
        (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
        assert "url(" not in style and "@import" not in style


def test_no_two_elements_share_an_id() -> None:
    ids = Parsed(of_many(3)).attributes("id")
    assert len(ids) == len(set(ids))


def test_control_characters_and_half_characters_can_be_written(tmp_path: Path) -> None:
    name = "a\x1b[2J\u202eb\ud800"
    students = {name: Student(name, name)}
    index, own = write_pages(
        tmp_path, name, [graded(name, "4.1", 1)], students, EXERCISES, translation("en"), "en", NOW
    )
    for path in (index, own):
        assert "a?[2J?b?" in path.read_text(encoding="utf-8")


def test_missing_work_is_no_zero() -> None:
    parsed = Parsed(page([graded("s1", "4.1", 0), missing("s1", "4.2"), graded("s2", "4.2", 4)], roster("s1", "s2")))
    assert parsed.line("s1")[1:] == ["0", "—", "0", "0%"]
    assert parsed.line("s2")[1:] == ["—", "4", "4", "100%"]


def test_missing_work_is_in_no_bar_and_no_mean() -> None:
    text = page([graded("s1", "4.1", 4), missing("s2", "4.1")], roster("s1", "s2"), EXERCISES[:1])
    assert "mean 100%" in text
    assert ["4.1", *["0"] * 9, "1"] in Parsed(text).lines


def test_work_that_could_not_be_judged_is_neither_missing_nor_zero() -> None:
    students = roster("s1", "s2", "s3")
    parsed = Parsed(page([void("s1", "4.1"), missing("s2", "4.1"), graded("s3", "4.1", 0)], students, EXERCISES[:1]))
    assert [parsed.line(student)[1] for student in students] == ["?", "—", "0"]
    own = Parsed(page_of(Student("s1"), [void("s1", "4.1")]))
    assert "not judged" in own.text and "it is not a zero" in own.text
    assert own.line("4.1 The chain rule")[1] == "—"


def test_a_student_without_a_standing_has_handed_nothing_in() -> None:
    assert Parsed(page([], roster("s1"))).line("s1")[1:] == ["—", "—", "—", "—"]


def test_a_submission_from_outside_the_roster_is_shown() -> None:
    assert Parsed(page([graded("stranger", "4.1", 3)], roster("s1"))).line("stranger")[1] == "3"


def test_a_grade_set_by_hand_is_marked_and_explained() -> None:
    override = Override(3, "was ill; oral exam", "A. Teacher", NOW)
    standing = Standing(Grade("s1", "4.1", State.OVERRIDDEN, 4, 0, points=3, override=override))
    assert Parsed(page([standing], roster("s1"))).line("s1")[1] == "3*"
    told = " ".join(Parsed(page_of(Student("s1"), [standing])).text.split())
    assert "The grade 3 was set by hand by A. Teacher: was ill; oral exam" in told


@languages
def test_a_student_reads_verdicts_messages_hints_and_penalty(language: str) -> None:
    checks = [check("pass"), check("fail", "first line\nsecond line", {"sign-flipped": "Walk downhill."})]
    standing = graded("s1", "4.1", 1.8, *checks, penalty=0.2, late=timedelta(hours=27))
    text = page_of(Student("s1", "Алексей"), [standing], language)
    parsed = Parsed(text)
    speak = translation(language)
    for told in ("right", "not right"):
        assert speak(told) in parsed.text
    for told in ("first line\nsecond line", "sign-flipped", "Walk downhill.", "−0.2", "1.8"):
        assert told in parsed.text
    assert speak("{days} d {hours} h").format(days=1, hours=3) in parsed.text
    # On a phone the titles would else stand in a column of two letters.
    assert "numbers list" in parsed.attributes("class") and ".numbers.list tbody th { min-width: 8.5rem" in text


def test_a_span_has_no_unit_of_which_there_is_nothing() -> None:
    told = [span(timedelta(hours=hours, minutes=minutes), str) for hours, minutes in ((0, 5), (2, 0), (24, 0), (49, 0))]
    assert told == ["5 min", "2 h", "1 day", "2 d 1 h"]


@languages
def test_a_report_of_format_1_is_told_in_the_language_asked_for(language: str) -> None:
    spoken = translations()

    def kept_as(words: str) -> dict[str, str]:
        return {each: speak(words) for each, speak in spoken.items()}

    one = {
        "name": "forward", "status": "completed", "verdict": "fail", "score": 0.0, "max_score": 4.0,
        "message": kept_as("not right"), "cause": {},
        "misconceptions": [{"name": "sign-flipped", "hint": kept_as("right")}],
    }  # fmt: skip
    kept = read_report(
        {"format_version": 1, "exercise": "4.1", "student": "", "isolation": "full", "practice": False, "checks": [one]}
    )
    standing = Standing(Grade("s1", "4.1", State.GRADED, 4, 0, points=0), kept)
    told = translation(language)
    own = Parsed(page_of(Student("s1"), [standing], language)).text
    assert f"– {told('right')}" in own and f"\n{told('not right')}\n" in own
    of_class = Parsed(page([standing], roster("s1"), language=language))
    assert of_class.line(f"sign-flipped{told('right')}")[1] == "1"


@languages
def test_pages_are_in_the_language_asked_for(language: str) -> None:
    standings = [graded("s1", "4.1", 1, check(named={"sign-flipped": ""})), missing("s1", "4.2"), void("s2", "4.2")]
    texts = [page(standings, roster("s1", "s2"), language=language), page_of(Student("s1"), standings, language)]
    ours = [msgid for msgid, files in collected().items() if isinstance(msgid, str) and "pages" in "".join(files)]
    for text in texts:
        assert f'<html lang="{language}">' in text
        told = " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
        english = [msgid for msgid in ours if " " in msgid and msgid in told]
        assert bool(english) == (language == "en"), english


def test_misconceptions_are_counted_by_student_and_the_most_frequent_come_first() -> None:
    twice = check(named={"sign-flipped": "Walk downhill."})
    standings = [
        graded("s1", "4.1", 0, twice, twice),
        graded("s1", "4.2", 0, twice),
        graded("s2", "4.2", 0, check(named={"no-mean": "Divide."})),
        graded("s3", "4.2", 0, check(named={"no-mean": "Divide."})),
    ]
    lines = Parsed(page(standings, roster("s1", "s2", "s3"))).lines
    found = [line for line in lines if line[0] in ("no-meanDivide.", "sign-flippedWalk downhill.")]
    assert found == [
        ["no-meanDivide.", "2", "4.2", "whos2s3"],
        ["sign-flippedWalk downhill.", "1", "4.1, 4.2", "whos1"],
    ]


def test_a_misconception_leads_to_the_pages_of_who_shows_it() -> None:
    links = [
        attributes["href"]
        for tag, attributes in Parsed(
            page([graded("s1", "4.1", 0, check(named={"no-mean": "…"}))], roster("s1"))
        ).elements
        if tag == "a" and str(attributes.get("href", "")).startswith("students/")
    ]
    # Among the causes, among those who need help, and among all grades.
    assert links == ["students/s1.html"] * 3


def test_people_who_are_not_recognised_are_told_beside_who_is_missing() -> None:
    words = "People of downloads who are not recognised: 2"
    assert words in Parsed(page([graded("s1", "4.1", 1)], roster("s1"), unrecognised=2)).text
    assert words not in Parsed(page([graded("s1", "4.1", 1)], roster("s1"))).text


def test_what_is_open_comes_first_and_says_whose_it_is() -> None:
    students = roster("s1", "s2", "s3")
    standings = [
        void("s1", "4.1"),
        graded("s2", "4.1", 3),
        graded("s2", "4.2", 4),
        replace(graded("s3", "4.2", 4), stale=True),
    ]
    first = page(standings, students).partition("<section")[2].partition("</section>")[0]
    told = [" ".join(Parsed(part).text.split()) for part in re.findall(r"<details>.*?</details>", first, re.DOTALL)]
    assert told == [
        "Not judged: the fault is the grader's. Run course grade again. Students: 1 s1: 4.1",
        "Graded by an earlier version: course grade grades it again. Students: 1 s3: 4.2",
        "Not handed in, which others have. Students: 2 s1: 4.2s3: 4.1",
    ]


def test_where_nothing_is_open_that_is_said() -> None:
    text = page([graded("s1", "4.1", 4)], roster("s1"))
    assert "Nothing: all that was handed in is judged" in Parsed(text).text and "<summary>Not" not in text


def test_an_exercise_without_grades_has_no_empty_plot() -> None:
    text = page([graded("s1", "4.2", 4)], roster("s1"))
    assert "plot1-" in text and "plot0-" not in text
    assert "No grades yet: 4.1" in Parsed(text).text
    assert "<svg" not in page([], roster("s1"))


def test_totals_say_that_missing_work_is_not_counted() -> None:
    text = Parsed(page([graded("s1", "4.1", 1)], roster("s1", "s2"))).text
    assert "Missing work is not counted: neither its points nor a zero." in text


def test_every_plot_has_a_text_in_its_place() -> None:
    drawn = [attributes for tag, attributes in Parsed(of_many(30)).elements if tag == "svg"]
    assert len(drawn) == 10
    assert all(attributes["role"] == "img" and attributes["aria-label"] for attributes in drawn)


def test_plots_take_their_colours_from_the_page() -> None:
    svg = "".join(re.findall(r"<svg.*?</svg>", of_many(5), re.DOTALL))
    assert "var(--bar)" in svg
    assert not re.findall(r"(?:fill|stroke): ?#\w+", svg)


@pytest.mark.parametrize(("share", "place"), [(0, 0), (0.1, 1), (0.3, 3), (0.7, 7), (2.1 / 3, 7), (1, 9), (1.2, 9)])
def test_a_share_falls_into_its_tenth(share: float, place: int) -> None:
    assert bin_of(share) == place


def test_help_goes_first_to_whoever_lacks_the_most_points() -> None:
    standings = [
        graded("well", "4.1", 4),
        graded("well", "4.2", 4),
        graded("low", "4.1", 1),
        graded("low", "4.2", 2),
        missing("absent", "4.1"),
        missing("absent", "4.2"),
        void("unlucky", "4.1"),
        graded("unlucky", "4.2", 4),
    ]
    found = needs(standings)
    assert [(need.student, need.lacking) for need in found] == [("absent", 8), ("low", 5)]
    assert found[0].missing == ("4.1", "4.2") and found[0].share is None and not found[0].low


def test_work_that_nobody_has_handed_in_is_not_missed() -> None:
    assert needs([missing("s1", "4.1"), missing("s2", "4.1")]) == ()


def test_a_misconception_in_two_exercises_is_a_reason_for_help() -> None:
    wrong = check(named={"sign-flipped": ""})
    (need,) = needs([graded("s1", "4.1", 3, wrong, wrong), graded("s1", "4.2", 3, wrong)])
    assert need.repeated == (("sign-flipped", 2),)


def test_reasons_for_help_are_told_beside_a_link_to_the_student() -> None:
    text = page([graded("s1", "4.1", 1), graded("s2", "4.2", 4)], roster("s1", "s2"))
    (line,) = [line for line in Parsed(text).lines if "25%" in "".join(line) and "handed" in "".join(line)]
    assert line[0].strip() == "s1" and line[2] == "7"
    assert "not handed in: 4.2" in line[1] and "25% of the points" in line[1]
    assert 'href="students/s1.html"' in text


@pytest.mark.parametrize("exercises", [(), EXERCISES])
def test_an_empty_class_has_a_page(exercises: Sequence[Exercise]) -> None:
    assert "There are no students yet." in Parsed(page([], {}, exercises)).text


def test_a_class_without_misconceptions_is_told_so() -> None:
    assert "No misconception was found." in Parsed(page([graded("s1", "4.1", 4)], roster("s1"))).text


def test_names_of_any_script_stand_apart_from_the_text_around_them() -> None:
    text = page([], {"s1": Student("s1", "محمد علي"), "s2": Student("s2", "Алексей")})
    assert "<bdi>محمد علي</bdi>" in text and "<bdi>Алексей</bdi>" in text


def test_a_thousand_students_fit_into_two_megabytes() -> None:
    text = of_many(1000)
    assert len(text.encode()) < 2_000_000
    assert text.count("<svg") == 10


def test_plots_do_not_grow_with_the_class() -> None:
    small, large = (
        sum(len(svg) for svg in re.findall(r"<svg.*?</svg>", of_many(count), re.DOTALL)) for count in (10, 500)
    )
    assert large < small * 1.5


def test_links_lead_to_the_pages_that_are_written(tmp_path: Path) -> None:
    ids = ["s1", "S1", "Алексей", "../../up", "50%", "con", HOSTILE, "x" * 300]
    students = roster(*ids)
    paths = write_pages(tmp_path, "Course", [], students, EXERCISES, translation("en"), "en", NOW)
    assert len(paths) == len({str(path).casefold() for path in paths}) == 1 + len(ids)
    addresses = [
        address for address in Parsed(paths[0].read_text("utf-8")).attributes("href") if "students/" in address
    ]
    assert {tmp_path / unquote(address) for address in addresses} == set(paths[1:])
    assert all(path.parent == tmp_path / "students" for path in paths[1:])
    assert "../index.html" in Parsed(paths[1].read_text("utf-8")).attributes("href")


def test_a_page_for_a_student_does_not_lead_to_the_class() -> None:
    assert "index.html" not in page_of(Student("s1"), [])


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageFault, match="cannot be written"):
        write_pages(tmp_path / "file", "Course", [], {}, EXERCISES, translation("en"), "en", NOW)


def class_of_all_kinds() -> tuple[list[Standing], dict[str, Student], list[Exercise]]:
    """Return a class with wide content everywhere: long words, many exercises, hostile names."""
    exercises = [exercise(f"4.{place}", title="Kovariatsiyaviymatritsa" * 4) for place in range(16)]
    names = ["Maximiliano" * 9, "محمد علي", HOSTILE, "", "Dilnoza Yoʻldosheva"]
    students = {f"s{place}": Student(f"s{place}" * 8, names[place % 5]) for place in range(30)}
    wrong = check("fail", "7.315944 " + "x" * 300, {"long-name-" * 12: "Walk downhill. " * 9, "other" * 30: "y" * 200})
    standings = [
        graded(student, one.id, place % 5, wrong)
        for place, student in enumerate(students)
        for one in exercises[: place % 17]
    ]
    return standings, students, exercises


@pytest.mark.parametrize("which", ["class", "student"])
def test_a_page_is_never_wider_than_the_window(tab: Browser, tmp_path: Path, which: str) -> None:
    standings, students, exercises = class_of_all_kinds()
    text = page(standings, students, exercises)
    if which == "student":
        text = student_page(students["s16"], [s for s in standings if s.grade.student == "s16"], exercises, str, "en")
    for width, found in measured(tab, tmp_path, text, 360, 1200).items():
        assert found["window"] <= width
        assert found["page"] <= found["window"] and found["widest"] <= found["window"] + 0.5, found
        assert found["tables"] or width > 360, "the tables scroll in boxes of their own"
        assert found["scripts"] == 0


@pytest.mark.parametrize("width", [360, 1200])
def test_a_browser_shows_the_page(tab: Browser, tmp_path: Path, width: int) -> None:
    index = write_pages(tmp_path / "out", "Course", *class_of_all_kinds(), translation("uz"), "uz", NOW)[0]
    picture = tmp_path / "page.png"
    tab.open(index.as_uri())
    tab.look(picture, width, 900, whole=False)
    content = picture.read_bytes()
    assert struct.unpack(">II", content[16:24]) == (width, 900)
    # A blank page of this size compresses to a few hundred bytes.
    assert len(content) > 10_000


class TestOnPaper:
    def test_a_table_that_fits_stays_one(self) -> None:
        assert sheets([f"4.{place}" for place in range(1, 9)]) == [(0, 8)]
        assert sheets([]) == []

    def test_lectures_stay_together(self) -> None:
        ids = [*(f"4.{place}" for place in range(8)), *(f"5.{place}" for place in range(5)), "6.1", "6.2"]
        assert sheets(ids) == [(0, 13), (13, 15)]

    def test_a_lecture_that_is_wider_than_a_sheet_is_divided(self) -> None:
        assert sheets([f"4.{place}" for place in range(20)]) == [(0, 13), (13, 20)]

    def test_every_exercise_is_on_one_sheet_and_sums_stand_on_the_last(self) -> None:
        many = [exercise(f"{lecture}.{place}") for lecture in (4, 5, 6) for place in range(1, 8)]
        made = page([graded("ali", "5.2", 3)], roster("ali", "vali"), many)
        tables = [part.partition("</table>")[0] for part in made.split('<div class="sheet">')[1:]]
        assert [table.count('scope="col"') for table in tables] == [8, 8, 10]
        assert all(table.count('scope="row"') >= 2 for table in tables)
