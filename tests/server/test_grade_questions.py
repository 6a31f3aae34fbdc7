"""Questions about grades: asked below the feedback, answered from one list, and nobody's words are markup."""

from __future__ import annotations

import pytest
from browsing import HOSTILE, Parsed
from served import Served, hand_in, page_of

from grader.core.course.policies.showing import Showing
from grader.server.writing import LONGEST
from grader.store.grades.desk.grade_questions import MOST_OPEN


@pytest.fixture
def judged(served: Served) -> str:
    """Return the address of what s001 handed in, which was judged."""
    address = page_of(hand_in(served.as_("s001"), "4.1", dloss_dw="-4"))
    served.judge()
    return address


def ask(served: Served, address: str, text: str, who: str = "s001") -> int:
    return served.as_(who).post(f"{address}/question", data={"text": text}).status_code


def answer(served: Served, text: str, question: int = 1, who: str = "Nodira", **fields: str) -> str:
    answer = served.as_(who).post(f"/class/questions/{question}", data={"text": text, **fields})
    return answer.headers.get("location", answer.text)


class TestAsking:
    def test_what_is_asked_is_open_until_it_is_answered_and_its_student_reads_the_answer(
        self, served: Served, judged: str
    ) -> None:
        assert ask(served, judged, "Why is\r\n−4 not right?") == 303
        page = served.as_("s001").get(judged).text
        assert "Why is\n−4 not right?" in page and "<b>open</b>" in page
        teacher = served.as_("Nodira")
        assert "open questions: 1" in teacher.get("/class/rows").text
        assert "Open: 1" in teacher.get("/class/questions").text
        assert answer(served, "A factor 2 is lost.", who="Akmal") == "/class/questions"
        page = served.as_("s001").get(judged).text
        assert "A factor 2 is lost." in page and "Akmal" in page and "<b>open</b>" not in page
        assert "Open: 0" in teacher.get("/class/questions").text
        assert "open questions" not in teacher.get("/class").text
        assert "answered a question about a grade" in teacher.get("/class/audit").text

    @pytest.mark.parametrize("text", ["", " \r\n ", "x" * (LONGEST + 1)])
    def test_nothing_and_too_much_are_refused_and_what_was_typed_stays(
        self, served: Served, judged: str, text: str
    ) -> None:
        refused = served.as_("s001").post(f"{judged}/question", data={"text": text})
        assert refused.status_code == 422 and text.strip() in refused.text and served.service.questions.open() == 0

    def test_the_same_sent_twice_is_one_question(self, served: Served, judged: str) -> None:
        assert [ask(served, judged, "Why?"), ask(served, judged, "Why?")] == [303, 303]
        assert served.service.questions.open() == 1

    def test_nobody_asks_more_than_anybody_answers(self, served: Served, judged: str) -> None:
        # Straight into the gradebook: the door would make this person wait.
        for number in range(MOST_OPEN):
            served.service.questions.ask(1, f"Why {number}?")
        assert ask(served, judged, "And why?") == 422 and served.service.questions.open() == MOST_OPEN
        answer(served, "Because.")
        assert ask(served, judged, "And why?") == 303

    def test_about_what_is_not_judged_nothing_can_be_asked(self, served: Served) -> None:
        address = page_of(hand_in(served.as_("s001"), "4.1", dloss_dw="-4"))
        assert ask(served, address, "Why?") == 404

    def test_about_the_work_of_another_nothing_can_be_asked_or_read(self, served: Served, judged: str) -> None:
        assert ask(served, judged, "Why?", "s003") == 404 and served.service.questions.open() == 0

    def test_what_is_held_back_tells_no_answer_and_takes_no_question(self, served: Served, judged: str) -> None:
        ask(served, judged, "Why?")
        answer(served, "The sign is right.")
        served.service.rules.set({"4.1": Showing.HELD}, 4)
        assert "The sign is right." not in served.as_("s001").get(judged).text
        assert ask(served, judged, "And now?") == 404

    def test_a_form_from_elsewhere_asks_and_answers_nothing(self, served: Served, judged: str) -> None:
        ask(served, judged, "Why?")
        elsewhere = {"origin": "http://evil.test"}
        mine, teacher = served.as_("s001"), served.as_("Nodira")
        assert mine.post(f"{judged}/question", data={"text": "x"}, headers=elsewhere).status_code == 403
        assert teacher.post("/class/questions/1", data={"text": "x"}, headers=elsewhere).status_code == 403
        assert served.service.questions.open() == 1


class TestAnswering:
    def test_the_first_of_two_answers_stands_and_the_other_is_not_lost(self, served: Served, judged: str) -> None:
        ask(served, judged, "Why?")
        answer(served, "Because.")
        page = answer(served, "No, because of that.", who="Akmal")
        assert "Somebody else has answered" in page and "Because." in page
        assert [each.answer for each in served.service.questions.all()] == ["Because."]

    @pytest.mark.parametrize("text", ["", "x" * (LONGEST + 1)])
    def test_no_answer_and_too_long_a_one_are_refused_beside_the_question(
        self, served: Served, judged: str, text: str
    ) -> None:
        ask(served, judged, "Why?")
        refused = served.as_("Akmal").post("/class/questions/1", data={"text": text})
        assert refused.status_code == 422 and text in refused.text and served.service.questions.open() == 1

    @pytest.mark.parametrize("question", ["0", "2", "-1", "9" * 30, "x", "٣"])
    def test_a_question_that_is_none_is_not_there(self, served: Served, judged: str, question: str) -> None:
        ask(served, judged, "Why?")
        assert served.as_("Nodira").post(f"/class/questions/{question}", data={"text": "x"}).status_code == 404

    def test_where_grades_are_set_questions_stand_too(self, served: Served, judged: str) -> None:
        ask(served, judged, "Why?")
        work = f"/class/students/{served.person('s001').id}/4.1"
        assert "Why?" in served.as_("Nodira").get(work).text
        assert f'href="{work}#decide"' in served.as_("Nodira").get("/class/questions").text
        assert answer(served, "Because.", back="work") == f"{work}#questions"

    def test_who_was_taken_out_of_sight_asks_nothing(self, served: Served, judged: str) -> None:
        ask(served, judged, "Why?")
        assert "open questions: 1" in served.as_("Nodira").get("/class").text
        served.service.book.forget(["s001"], True, "left", "Nodira", served.service.questions.all()[0].at)
        assert "open questions" not in served.as_("Nodira").get("/class").text
        assert "Why?" not in served.as_("Nodira").get("/class/questions").text
        assert served.as_("Nodira").post("/class/questions/1", data={"text": "x"}).status_code == 404


def test_nobodys_words_are_markup(served: Served) -> None:
    address = page_of(hand_in(served.as_("s002"), "4.1", dloss_dw="-4"))
    served.judge()
    ask(served, address, HOSTILE, "s002")
    ask(served, address, "a\0\ud800\u202e<b>".encode("utf-8", "replace").decode(), "s002")
    answer(served, HOSTILE)
    work = f"/class/students/{served.person('s002').id}/4.1"
    teachers = ("/class/questions", work, "/class", "/class/audit")
    pages = [served.as_("s002").get(address), *map(served.as_("Nodira").get, teachers)]
    refused = served.as_("s002").post(f"{address}/question", data={"text": HOSTILE * 100})
    for page in (*pages, refused):
        parsed = Parsed(page.text)
        tags = [tag for tag, attributes in parsed.elements if attributes.get("src") != "/static/live.js"]
        assert "script" not in tags and "img" not in tags and "{{ 7 * 7 }}" in page.text.replace("49", "")
        assert [name for _, attributes in parsed.elements for name in attributes if name.startswith("on")] == []
