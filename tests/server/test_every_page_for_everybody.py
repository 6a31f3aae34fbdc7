"""Every page of the server in a real browser: axe-core finds nothing against WCAG 2.2 AA, and nothing is cut off."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from driving import Browser
from served import URL, Served, hand_in, listening, page_of
from test_pages import give, report

from grader.core.course.policies.showing import Showing
from grader.core.course.single_sign_on import SingleSignOn
from grader.server.oidc import Provider
from grader.server.signing.oidc_pages import RETURNS

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: the browser is driven as on Linux", allow_module_level=True)

# Light on a desk and dark on a phone: each theme and each width once.
LOOKS = ((1100, False), (390, True))
PROGRAM = "import torch\nw = torch.tensor(1.0)\nprint(w, 'a line that is much longer than the display of a phone')\n"
STUDENTS = ("/exercises", "/exercises/4.5", "/exercises/4.1", "/exercises/1.1", "/exercises/2.1", "/tokens")
OF_EXERCISE = "/class/exercises/4.5"
TEACHERS = (
    *("/class", "/class?lecture=sums", "/class?lecture=4&show=missing", OF_EXERCISE, "/exercises/4.5"),
    *("/class/questions", "/class/regrades", "/class/feedback", "/class/people", "/class/audit"),
)


@pytest.fixture
def address(served: Served) -> str:
    """Fill the class: work that is judged, asked about, commented on, held back and judged again; return one of it."""
    mine, staff = served.as_("s001"), served.as_("Nodira")
    address = page_of(hand_in(mine, "4.5", program=PROGRAM))
    give(served, address, report("lost"))
    page_of(hand_in(served.as_("s003"), "4.1", dloss_dw="-4"))
    page_of(hand_in(mine, "4.2", dL_dx="15", dL_dy="10"))
    served.judge()
    for question in ("Why not 8?", "And now?"):
        assert mine.post(f"{address}/question", data={"text": question}).status_code == 303
    assert staff.post("/class/questions/1", data={"text": "Look at line 2."}).status_code == 303
    assert staff.post(f"{OF_EXERCISE}/comment", data={"cause": "lost", "text": "Slide 12."}).status_code == 303
    commented = {"block": "0", "line": "2", "text": "Here."}
    assert staff.post(f"{address}/comment", data=commented).status_code == 303
    work = f"/class/students/{served.person('s001').id}"
    assert staff.post(f"{work}/4.2/override", data={"points": "1", "reason": "at the board"}).status_code == 303
    later = {"until": "2090-01-01T12:00", "reason": "was ill"}
    assert staff.post(f"{work}/4.2/extend", data=later).status_code == 303
    assert staff.post("/class/regrades", data={"exercise": "4.1"}).status_code == 303
    served.judge()
    served.token("s001")
    served.service.rules.set({"4.1": Showing.HELD}, served.person("Nodira").id)
    return address


@pytest.fixture
def seen(served: Served, address: str, tab: Browser) -> Iterator[tuple[Browser, str]]:
    with listening(served) as url:
        yield tab, url


def come_in(tab: Browser, served: Served, name: str) -> None:
    link = f"{served.service.public_url}/link/{served.service.people.new_link(served.person(name).id, None)}"
    tab.open(link)
    tab.click("main button")


def faults(tab: Browser, what: str) -> list[str]:
    """Return what is wrong with the page that is there, in each look."""
    found = []
    for width, dark in LOOKS:
        tab.shape(width, 800, dark)
        look = f"{what}, {width} px{', dark' * dark}"
        found += [f"{look}: {each}" for each in tab.violations()]
        wide = int(tab.run("document.documentElement.scrollWidth"))
        found += [f"{look}: {wide} px wide"] if wide > width else []
    return found


def walked(tab: Browser, url: str, *paths: str) -> list[str]:
    found = []
    for path in paths:
        tab.open(url + path)
        found += faults(tab, path)
    return found


def test_of_whoever_has_not_come_in(served: Served, seen: tuple[Browser, str]) -> None:
    tab, url = seen
    found = walked(tab, url, "/", "/link/none")
    served.service.oidc = Provider(SingleSignOn("https://login.example.org", "course"), "hush", f"{URL}{RETURNS}")
    tab.open(url)
    assert "your school" in str(tab.run("document.body.innerText"))
    found += faults(tab, "single sign-on")
    tab.open(f"{url}/link/{served.service.people.new_link(served.person('s001').id, None)}")
    assert found + faults(tab, "a link") == []


def test_of_a_student(served: Served, seen: tuple[Browser, str], address: str) -> None:
    tab, url = seen
    come_in(tab, served, "s001")
    found = walked(tab, url, *STUDENTS, address, "/nothing")
    tab.open(url + "/tokens")
    tab.run("document.getElementById('name').value = 'my laptop'")
    tab.click("main section form button")
    assert "shown this once" in str(tab.run("document.body.innerText"))
    assert found + faults(tab, "a token that was made") == []


def test_of_a_teacher(served: Served, seen: tuple[Browser, str], address: str) -> None:
    tab, url = seen
    come_in(tab, served, "Nodira")
    person = f"/class/students/{served.person('s001').id}"
    found = walked(tab, url, *TEACHERS, address, person, f"{person}/4.5", f"{person}/4.2")
    tab.open(url + "/class/people")
    tab.click("form[action$='/link'] button")
    assert "once within seven days" in str(tab.run("document.body.innerText"))
    assert found + faults(tab, "a link that was made") == []
