"""Handing in by a form: what is taken, when it arrived, and what is refused with nothing lost and nothing half done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from browsing import HOSTILE
from served import URL, Served, form_of, hand_in, page_of

from grader.core.course.policies.attempts import AttemptRules
from grader.core.course.policies.policy import Withdrawal
from grader.core.course.policies.trust import Trust
from grader.server import door
from grader.server.app import make_app
from grader.server.limits import RateLimits
from grader.server.students import handing_in
from grader.store.grades.hand_ins import HandIns, Offer, Room

NOTEBOOK = json.dumps(
    {"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
)


def bytes_of(served: Served, address: str) -> bytes:
    found = served.service.hand_ins.by_name(address.rpartition("/")[2])
    assert found is not None
    return served.service.hand_ins.content(found.sha256)


class TestWhatIsTaken:
    def test_a_file_byte_for_byte(self, served: Served) -> None:
        content = b"# \xff\x00 \r\n" * 100
        address = page_of(hand_in(served.as_("s001"), "4.5", ("mine.py", content)))
        assert bytes_of(served, address) == content

    def test_a_notebook(self, served: Served) -> None:
        address = page_of(hand_in(served.as_("s001"), "4.5", ("Untitled (1).IPYNB", NOTEBOOK)))
        assert "Handed in, and waiting" in served.as_("s001").get(address).text

    def test_a_pasted_program_with_the_ends_of_lines_that_python_has(self, served: Served) -> None:
        address = page_of(hand_in(served.as_("s001"), "4.5", program="x = 'ŷ'\r\ny = 2\r\n"))
        assert bytes_of(served, address) == "x = 'ŷ'\ny = 2\n".encode()

    def test_stated_values(self, served: Served) -> None:
        address = page_of(hand_in(served.as_("s001"), "4.1", dloss_dw=" −8,0 "))
        assert bytes_of(served, address) == b"dloss_dw: -8.0\n"

    def test_options_by_their_names(self, served: Served) -> None:
        client = served.as_("s001")
        values = {
            "form": form_of(client, "1.1"),
            "answer-order": "zero_last",
            "answer-overfits": ["more_data", "dropout"],
        }
        address = page_of(client.post("/exercises/1.1", data=values))
        assert bytes_of(served, address).decode() == 'order: "zero_last"\noverfits: ["more_data", "dropout"]\n'

    def test_several_files_that_belong_together(self, served: Served) -> None:
        client = served.as_("s001")
        address = page_of(hand_in(client, "2.1", ("sub/net.py", "a = 1\n"), ("train.py", "b = 2\n"), ("more.py", "c")))
        kept = bytes_of(served, address).decode()
        assert "a = 1" in kept and "b = 2" in kept and "more.py" not in kept

    def test_the_time_is_the_databases_when_it_arrived_and_counts(self, served: Served) -> None:
        before = datetime.now(UTC)
        hand_in(served.as_("s001"), "4.5", program="x = 1")
        (row,) = served.service.book.standing()
        assert row.trust is Trust.SERVER and before - timedelta(seconds=2) < row.submitted < datetime.now(UTC)

    def test_a_form_that_is_sent_twice_is_one_attempt(self, served: Served) -> None:
        client = served.as_("s001")
        form = form_of(client, "4.5")
        first = page_of(hand_in(client, "4.5", program="x = 1", form=form))
        page_of(hand_in(client, "4.5", program="x = 2"))
        # The first sending comes last: it is no return to what was handed in before.
        assert page_of(hand_in(client, "4.5", program="x = 1", form=form)) == first
        assert len(served.service.book.standing()) == 2

    def test_another_file_in_a_form_that_was_sent_is_another_attempt(self, served: Served) -> None:
        # Whoever sees the wrong file's name presses Escape, chooses the right one and presses the button again: the
        # server has had the wrong one by then.
        client = served.as_("s001")
        form = form_of(client, "4.5")
        wrong = page_of(hand_in(client, "4.5", ("wrong.py", "x = 1"), form=form))
        right = page_of(hand_in(client, "4.5", ("right.py", "x = 2"), form=form))
        assert (bytes_of(served, wrong), bytes_of(served, right)) == (b"x = 1", b"x = 2")
        notebook = page_of(hand_in(client, "4.5", ("right.ipynb", NOTEBOOK), form=form))
        as_text = page_of(hand_in(client, "4.5", ("right.py", NOTEBOOK), form=form))
        assert len({wrong, right, notebook, as_text}) == 4
        offer = Offer(1, "s001", "4.5", b"x = 2", ".py", "right.py", "file", form, datetime.now(UTC))
        found = [served.service.hand_ins.add(replace(offer, exercise=id)) for id in ("4.5", "4.7", "4.7")]
        assert found[0].name == right.rpartition("/")[2] and found[1].name == found[2].name != found[0].name


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("exercise", "files", "fields", "said"),
        [
            ("4.5", (), {}, "choose a file, or paste your program"),
            ("4.5", (("a.py", "x"),), {"program": "y"}, "not both"),
            ("4.5", (("a.py", "x"), ("b.py", "y")), {}, "as one file"),
            ("4.5", (("a.zip", b"PK\x03\x04"),), {}, "does not end in .py, .ipynb"),
            ("4.5", (("a.html", "<script>"),), {}, "does not end in .py, .ipynb"),
            ("4.1", (), {}, "Nothing is answered yet."),
            ("4.1", (), {"dloss_dw": "eight"}, "eight is not a number"),
            ("1.1", (), {"order": "none"}, "none"),
            ("1.1", (), {"order": "zero_last,zero_first"}, "one choice"),
            ("2.1", (("net.py", "x"),), {}, "train.py is missing"),
        ],
    )  # fmt: skip
    def test_it_is_told_above_the_form_and_nothing_is_recorded(
        self, served: Served, exercise: str, files: Any, fields: dict[str, str], said: str
    ) -> None:
        answer = hand_in(served.as_("s001"), exercise, *files, **fields)
        assert answer.status_code == 422 and said in answer.text.replace("&#39;", "'")
        assert served.service.book.standing() == []

    def test_what_the_teacher_has_taken_back_and_its_page_says_so(self, served: Served) -> None:
        client = served.as_("s001")
        address = page_of(hand_in(client, "4.5", program="x = 1"))
        (row,) = served.service.book.standing()
        gone = Withdrawal(row.sha256, True, "was handed in by s030", "Nodira", datetime.now(UTC))
        served.service.book.add_withdrawal("s001", "4.5", gone)
        again = hand_in(client, "4.5", program="x = 1")
        assert again.status_code == 422 and "has taken this work back" in again.text and "s030" not in again.text
        page = client.get(address)
        assert page.status_code == 404 and "taken back by the teacher" in page.text
        assert served.service.book.standing() == []
        assert page_of(hand_in(client, "4.5", program="x = 2"))

    def test_what_comes_before_the_pause_is_over_whatever_became_of_the_attempt_before(self, served: Served) -> None:
        rules = AttemptRules(pause=timedelta(hours=1))
        course = served.service.files.course
        policy = replace(course.policy, attempt_rules={**course.policy.attempt_rules, "4.1": rules})
        object.__setattr__(served.service.files, "course", replace(course, policy=policy))
        client = served.as_("s001")
        form = form_of(client, "4.1")
        first = page_of(hand_in(client, "4.1", dloss_dw="1", form=form))
        for _ in range(2):
            refused = hand_in(client, "4.1", dloss_dw="2")
            assert refused.status_code == 422 and "can be handed in from 2" in refused.text
            served.judge()
        # The same answer in the same form is no other attempt, nor is it in another form; another answer is one.
        assert page_of(hand_in(client, "4.1", dloss_dw="1", form=form)) == first
        assert page_of(hand_in(client, "4.1", dloss_dw="1")) == first
        assert hand_in(client, "4.1", dloss_dw="2", form=form).status_code == 422
        assert len(served.service.book.standing()) == 1 and page_of(hand_in(client, "4.5", program="x"))

    def test_what_was_typed_is_still_there(self, served: Served) -> None:
        client = served.as_("s001")
        assert 'value="eight"' in hand_in(client, "4.1", dloss_dw="eight").text
        both = hand_in(client, "4.5", ("a.py", "x"), program="</textarea><b>mine")
        assert "&lt;/textarea&gt;&lt;b&gt;mine" in both.text

    def test_a_file_that_is_too_large(self, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(handing_in, "_MOST_PROGRAM", 1000)
        answer = hand_in(served.as_("s001"), "4.5", ("a.py", "x" * 1001))
        assert answer.status_code == 422 and "too large" in answer.text and served.service.book.standing() == []

    def test_a_request_that_says_it_is_too_large_is_not_read(
        self, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(door, "_MOST_UPLOAD", 1000)
        assert hand_in(served.as_("s001"), "4.5", ("a.py", "x" * 1001), form="f").status_code == 413

    def test_a_request_that_does_not_say_how_large_it_is_is_stopped(
        self, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(door, "_MOST_UPLOAD", 10_000)
        given = []

        def body() -> Iterator[bytes]:
            for _ in range(1000):
                given.append(1)
                yield b"x" * 1000

        headers = {"content-type": "multipart/form-data; boundary=b", "content-length": "5"}
        answer = served.as_("s001").post("/exercises/4.5", content=body(), headers=headers)
        assert answer.status_code in (400, 413) and served.service.book.standing() == []

    def test_a_request_that_never_ends_is_given_up(self, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(door, "_SECONDS", 0.05)
        client = served.as_("s001")
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if not started:
                started.append(1)
                return {"type": "http.request", "body": b"--b\r\n", "more_body": True}
            await asyncio.sleep(60)
            raise AssertionError("waited for")

        async def send(message: Any) -> None:
            sent.append(message)

        started: list[int] = []
        cookie = f"course-session={client.cookies['course-session']}".encode()
        headers = [(b"host", b"course.test"), (b"origin", URL.encode()), (b"cookie", cookie),
                   (b"content-type", b"multipart/form-data; boundary=b"), (b"content-length", b"99")]  # fmt: skip
        scope = {"type": "http", "method": "POST", "path": "/exercises/4.5", "raw_path": b"/exercises/4.5",
                 "query_string": b"", "headers": headers, "client": ("1.2.3.4", 1), "scheme": "http",
                 "server": ("course.test", 80), "root_path": "", "http_version": "1.1"}  # fmt: skip
        asyncio.run(make_app(served.service)(scope, receive, send))
        assert sent[0]["status"] == 408

    @pytest.mark.parametrize(
        "kind",
        [
            *("text/plain", "application/json", "", "multipart/form-datax; boundary=b"),
            # To decode a field that is in punycode takes seconds for 100 KB, and minutes for a few more.
            "multipart/form-data; boundary=b; charset=punycode",
            'multipart/form-data; CHARSET*="punycode";boundary=b',
        ],
    )
    def test_what_is_no_form(self, served: Served, kind: str) -> None:
        answer = served.as_("s001").post("/exercises/4.5", content=b"form=f&program=x", headers={"content-type": kind})
        assert answer.status_code == 415

    @pytest.mark.parametrize(
        "body",
        [
            b"", b"\0" * 1000, b"--b", b"--b\r\nContent-Disposition: form-data; name=\r\n\r\nx\r\n--b--",
            b"--b\r\n" + b"X: y\r\n" * 5000,
            b"--b\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\nx\r\n" * 400 + b"--b--",
            b"--b\r\nContent-Disposition: form-data; name=\"\xff\"; filename=\"\xff\"\r\n\r\nx\r\n--b--\r\n",
        ],
    )  # fmt: skip
    def test_a_form_that_cannot_be_read(self, served: Served, body: bytes) -> None:
        headers = {"content-type": "multipart/form-data; boundary=b"}
        answer = served.as_("s001").post("/exercises/4.5", content=body, headers=headers)
        assert answer.status_code in (400, 422) and served.service.book.standing() == []

    def test_only_a_file_may_be_large(self, served: Served) -> None:
        client, text = served.as_("s001"), "x" * 2**21
        plain = client.post("/exercises/4.5", data={"form": "f", "program": text})
        assert plain.status_code == 413
        assert hand_in(client, "4.5", program=text, form="f").status_code == 400
        assert hand_in(client, "4.5", ("a.py", text), form="f").status_code == 303

    def test_a_form_without_a_key_is_none_of_ours(self, served: Served) -> None:
        answer = served.as_("s001").post("/exercises/4.5", data={"program": "x = 1"})
        assert answer.status_code == 422 and served.service.book.standing() == []

    def test_more_bytes_than_there_is_room_for(self, served: Served) -> None:
        served.service.hand_ins = HandIns(served.service.book.database, Room(each=100, all=1000))
        client = served.as_("s001")
        page_of(hand_in(client, "4.5", ("a.py", "x" * 60)))
        answer = hand_in(client, "4.5", ("a.py", "y" * 60))
        assert (
            answer.status_code == 413 and "There is no room" in answer.text and len(served.service.book.standing()) == 1
        )

    def test_a_person_who_sends_and_sends_has_to_wait_and_nobody_else_has(
        self, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # On a slow machine the bucket would fill again meanwhile.
        monkeypatch.setattr("served.RateLimits", lambda: RateLimits(lambda: 0.0))
        mine, other = served.as_("s001"), served.as_("s003")
        other.app = mine.app
        answers = [mine.post("/language", data={"language": "en", "back": "/"}).status_code for _ in range(60)]
        assert answers[:30] == [303] * 30 and answers[-1] == 429


class TestNames:
    @pytest.mark.parametrize(
        "name", [f"{HOSTILE}.py", "../../../etc/passwd.py", "a\r\nSet-Cookie: x=1.py", "\u202e.py", "x" * 3000 + ".py"]
    )
    def test_a_filename_is_no_path_no_header_and_no_markup(self, served: Served, name: str) -> None:
        client = served.as_("s001")
        address = page_of(hand_in(client, "4.5", (name, "x = 1")))
        stored = client.get(f"{address}/file")
        assert stored.headers["content-disposition"] == "attachment; filename*=UTF-8''4.5.py"
        assert "<script>alert" not in client.get(address).text and "set-cookie" not in stored.headers

    def test_what_was_handed_in_is_never_shown_or_run_by_a_browser(self, served: Served) -> None:
        client = served.as_("s001")
        address = page_of(hand_in(client, "4.5", ("a.py", "<script>alert(1)</script>")))
        stored = client.get(f"{address}/file")
        assert stored.content == b"<script>alert(1)</script>"
        assert stored.headers["content-type"] == "application/octet-stream"
        assert stored.headers["x-content-type-options"] == "nosniff"
        assert stored.headers["content-security-policy"] == "sandbox"


def test_a_bucket_fills_again_and_forgets_the_oldest() -> None:
    now = [0.0]
    limits = RateLimits(lambda: now[0])
    assert [limits.allow("a") for _ in range(42)].count(True) == 40
    assert limits.allow("b") and not limits.allow("a")
    now[0] += 10
    assert [limits.allow("a") for _ in range(10)].count(True) == 5


class TestQuestionsThatTakeAFewAnswers:
    def test_what_is_said_after_each_is_what_counts_by_then(self, served: Served) -> None:
        mine = served.as_("s001")
        first = page_of(hand_in(mine, "1.1", order="zero_first", overfits="longer"))
        served.judge()
        assert "Attempts left: 1" in mine.get(first).text
        last = page_of(hand_in(mine, "1.1", overfits="deeper"))
        served.judge()
        told = mine.get(last).text
        # The order counts though this one has no answer to it.
        assert "1 of 3" in told and "Attempts left" not in told
        beyond = page_of(hand_in(mine, "1.1", overfits="dropout"))
        served.judge()
        assert "They are used up" in mine.get(beyond).text and "Attempts left: 1" in mine.get(first).text
        # The author's reason comes with the last attempt that counts, and never before.
        assert all("A larger model memorizes" in mine.get(each).text for each in (last, beyond))
        assert "memorizes" not in mine.get(first).text and "for longer fits" not in mine.get(last).text
        program = served.program("s001").get(f"/api/1{last}").json()
        assert program["report"]["score"] == 1.0
