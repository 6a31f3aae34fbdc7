"""Who may do what: every route as every role, held to a table that is written down here once more."""

from __future__ import annotations

import pytest
from served import URL, Served, hand_in, page_of
from test_pages import give, report

from grader.server.routes import ROUTES

ROLES = (None, "student", "token", "assistant", "teacher")
PEOPLE = {"student": "s001", "assistant": "Akmal", "teacher": "Nodira"}
# Nobody, student, a program with a student's token, assistant, teacher: whether the route is there for them.
TABLE = {
    "GET /health": "yyyyy",
    "GET /metrics": "-----",
    "GET /static/{name}": "yyyyy",
    "GET /link/{link}": "yyyyy",
    "POST /link": "yyyyy",
    "GET /sign-in": "yyyyy",
    "GET /sign-in/done": "yyyyy",
    "POST /language": "yyyyy",
    "POST /sign-out": "-y-yy",
    "GET /": "-y-yy",
    "GET /exercises": "-y-yy",
    "GET /exercises/rows": "-y-yy",
    "GET /exercises/{id}": "-y-yy",
    "GET /exercises/{id}/starter": "-y-yy",
    "GET /exercises/{id}/files/{name}": "-y-yy",
    "POST /exercises/{id}": "-y---",
    "GET /submissions/{name}": "-y-yy",
    "GET /submissions/{name}/state": "-y-yy",
    "GET /submissions/{name}/file": "-y-yy",
    "POST /submissions/{name}/hint": "-y---",
    "POST /submissions/{name}/question": "-y---",
    "POST /submissions/{name}/comment": "---yy",
    "GET /tokens": "-y---",
    "POST /tokens": "-y---",
    "POST /tokens/{token}/revoke": "-y---",
    "GET /api/1/course": "--y--",
    "POST /api/1/exercises/{id}": "--y--",
    "GET /api/1/submissions/{name}": "--y--",
    "GET /class": "---yy",
    "GET /class/rows": "---yy",
    "GET /class/exercises/{id}": "---yy",
    "POST /class/exercises/{id}/comment": "---yy",
    "GET /class/students/{person}": "---yy",
    "GET /class/students/{person}/{id}": "---yy",
    "POST /class/students/{person}/{id}/override": "----y",
    "POST /class/students/{person}/{id}/waive": "----y",
    "POST /class/students/{person}/{id}/extend": "----y",
    "GET /class/grades.csv": "---yy",
    "GET /class/questions": "---yy",
    "POST /class/questions/{question}": "---yy",
    "GET /class/regrades": "----y",
    "POST /class/regrades": "----y",
    "GET /class/regrades/rows": "----y",
    "POST /class/regrades/{regrade}": "----y",
    "GET /class/feedback": "----y",
    "POST /class/feedback": "----y",
    "GET /class/people": "----y",
    "POST /class/people": "----y",
    "POST /class/people/{person}/link": "----y",
    "POST /class/people/{person}/role": "----y",
    "GET /class/audit": "----y",
}
# Of what the table allows, this is not there for anybody.
ABSENT = (
    "/link/{link}",
    "/link",
    "/exercises/{id}/files/{name}",
    "/tokens/{token}/revoke",
    "/sign-in",
    "/sign-in/done",
)
FIELDS = {"form": "f", "program": "x = 1", "points": "1", "reason": "because", "name": "Olim", "role": "assistant",
          "language": "uz", "link": "none", "text": "Why?", "cause": "lost", "block": "0", "line": "1",
          "decision": "dropped", "exercise": "4.5", "days": "7"}  # fmt: skip


def test_the_table_names_every_route() -> None:
    assert [f"{route.method} {route.path}" for route in ROUTES] == list(TABLE)


def test_every_route_is_there_for_those_whom_the_table_names_and_for_nobody_else(served: Served) -> None:
    path = page_of(hand_in(served.as_("s001"), "4.5", program="x = 1"))
    give(served, path, report("lost"))
    # There is no file with 4.5: nobody finds one, and nobody is let through to look who may not.
    here = {
        "{name}": path.rpartition("/")[2],
        "{id}": "4.5",
        "{person}": str(served.person("s001").id),
        "{link}": "none",
        "{token}": "none",
        # That the student asks who comes before those who answer.
        "{question}": "1",
        "{regrade}": "1",
    }
    wrong = []
    for place, role in enumerate(ROLES):
        # Whoever signs in by a new link ends the tokens of before.
        token = served.token("s001") if role == "token" else ""
        for route in ROUTES:
            client = (
                served.program("s001", token)
                if role == "token"
                else served.as_(PEOPLE[role])
                if role
                else served.browser()
            )
            url = route.path
            for name, value in here.items():
                url = url.replace(name, "course.css" if route.path.startswith("/static") else value)
            answer = client.request(
                route.method, url, data=FIELDS if route.method == "POST" else None, headers={"origin": URL}
            )
            seen = answer.status_code not in (401, 403, 404)
            absent = route.path in ABSENT
            if seen != (TABLE[f"{route.method} {route.path}"][place] == "y" and not absent):
                wrong.append((role, route.method, route.path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("path", ["", "/state", "/file"])
def test_the_work_of_another_student_is_not_there(served: Served, path: str) -> None:
    theirs = page_of(hand_in(served.as_("s001"), "4.5", program="x = 1"))
    mine = served.as_("s003")
    other, none = mine.get(theirs + path), mine.get(f"/submissions/nothing{path}")
    assert (other.status_code, none.status_code) == (404, 404)
    assert "There is no such submission." in other.text and "There is no such submission." in none.text


def test_no_hint_is_given_for_the_work_of_another_student(served: Served) -> None:
    theirs = page_of(hand_in(served.as_("s001"), "4.1", dloss_dw="-4"))
    served.judge()
    assert served.as_("s003").post(f"{theirs}/hint", data={}).status_code == 404
    assert served.service.hand_ins.hints_given(1) == 0


@pytest.mark.parametrize("path", ["/nothing", "/class/", "/static/../app.py", "/static/app.py", "/submissions", "/%00"])
def test_what_is_no_route_is_not_there(served: Served, path: str) -> None:
    answer = served.as_("s001").get(path)
    assert answer.status_code in (404, 307) and "default-src 'none'" in answer.headers.get(
        "Content-Security-Policy", "default-src 'none'"
    )


@pytest.mark.parametrize("id", ["../course", "4.5/../4.1", "%2e%2e", "%F0%9F", "9" * 4000, "4.5%00"])
def test_an_exercise_that_is_none_is_not_there(served: Served, id: str) -> None:
    assert served.as_("s001").get(f"/exercises/{id}").status_code in (303, 307, 404, 200 if "4.1" in id else 404)


@pytest.mark.parametrize("person", ["0", "999999", "-1", "1e3", "٣", "9" * 40, "x"])
def test_a_person_who_is_none_is_not_there(served: Served, person: str) -> None:
    assert served.as_("Nodira").get(f"/class/students/{person}").status_code == 404
