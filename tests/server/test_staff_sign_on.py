"""Teachers and assistants who come in by single sign-on without being on the roster, and who does not become one."""

from __future__ import annotations

import pytest
from served import URL, Served
from test_single_sign_on import CLIENT, Watched, believed, comes_in, logged_in_there, provider, running

from grader.core.course.single_sign_on import SingleSignOn
from grader.core.people.person import Role
from grader.core.people.student import Student
from grader.server.oidc import Provider
from grader.server.signing.oidc_pages import RETURNS

__all__ = ["provider", "running"]

STAFF = {"nodira@example.org": Role.TEACHER, "akmal@example.org": Role.ASSISTANT}


def believes(served: Served, claim: str = "email", domains: tuple[str, ...] = (), **staff: Role) -> None:
    assert served.service.oidc is not None
    settings = SingleSignOn(served.service.oidc.settings.issuer, CLIENT, claim, domains, staff={**STAFF, **staff})
    served.service.oidc = Provider(settings, "hush", f"{URL}{RETURNS}")


def says(provider: Watched, **claims: object) -> None:
    """Let the provider say this of whoever logs in there."""
    provider.sign = lambda own, key: believed({**own, **claims}, key)


def staff(served: Served) -> list[tuple[str, Role, str]]:
    return [(each.name, each.role, each.email) for each in served.service.people.all() if each.student is None]


BEFORE = [("Nodira", Role.TEACHER, ""), ("Akmal", Role.ASSISTANT, "")]


class TestComingIn:
    def test_who_is_named_is_what_the_course_says_from_the_first_login_on(
        self, served: Served, provider: Watched
    ) -> None:
        believes(served)
        says(provider, sub="t1", email="Nodira@Example.org", name="Nodira\x1b Karimova")
        client = served.browser()
        assert client.get(logged_in_there(served, client)).status_code == 303
        assert client.get("/class/people").status_code == 200
        new = ("Nodira? Karimova", Role.TEACHER, "Nodira@Example.org")
        assert staff(served) == [*BEFORE, new]
        assert "became" in client.get("/class/audit").text or "teacher" in client.get("/class/audit").text
        # The second time it is the same person, whatever the course says by then.
        assert comes_in(served)[0] == 303 and staff(served) == [*BEFORE, new]

    def test_an_assistant_decides_nothing(self, served: Served, provider: Watched) -> None:
        believes(served)
        says(provider, sub="t2", email="akmal@example.org", name=["no", "name"])
        client = served.browser()
        assert client.get(logged_in_there(served, client)).status_code == 303
        assert (client.get("/class").status_code, client.get("/class/people").status_code) == (200, 404)
        assert staff(served)[-1] == ("akmal@example.org", Role.ASSISTANT, "akmal@example.org")

    def test_a_role_that_was_given_in_a_browser_stays_and_a_new_link_is_looked_up_again(
        self, served: Served, provider: Watched
    ) -> None:
        believes(served)
        says(provider, sub="t1", email="nodira@example.org")
        comes_in(served)
        person = served.service.people.all()[-1]
        served.service.people.set_role(person.id, Role.ASSISTANT, served.person("Akmal").id)
        served.service.people.new_link(person.id, None)
        assert comes_in(served)[0] == 303
        assert [each[1] for each in staff(served)] == [Role.TEACHER, Role.ASSISTANT, Role.ASSISTANT]

    def test_who_is_struck_from_the_course_comes_in_no_more_once_the_link_is_new(
        self, served: Served, provider: Watched
    ) -> None:
        believes(served)
        says(provider, sub="t2", email="akmal@example.org")
        comes_in(served)
        person = served.service.people.all()[-1]
        assert served.service.oidc is not None
        settings = SingleSignOn(served.service.oidc.settings.issuer, CLIENT, "email", (), staff={})
        served.service.oidc = Provider(settings, "hush", f"{URL}{RETURNS}")
        served.service.people.new_link(person.id, None)
        status, page = comes_in(served)
        assert status == 403 and "not on this course" in page

    def test_by_another_claim_than_the_address(self, served: Served, provider: Watched) -> None:
        believes(served, claim="number", T17=Role.TEACHER)
        says(provider, sub="t1", number="t17")
        client = served.browser()
        assert client.get(logged_in_there(served, client)).status_code == 303
        assert client.get("/class/people").status_code == 200


class TestWhoBecomesNobody:
    @pytest.mark.parametrize(
        ("claims", "domains"),
        [
            ({"email": "nodira@example.org", "email_verified": False}, ()),
            ({"email": "nodira@example.org", "email_verified": "true"}, ()),
            ({"email": "nodira@example.org", "email_verified": None}, ()),
            ({"email": ["nodira@example.org"]}, ()),
            ({"email": "nodira@example.org"}, ("other.org",)),
            ({"email": "nodira@example.org.evil.test"}, ()),
            # The Kelvin sign, whose small letter is a plain k; and a dotless i.
            ({"email": "a\u212amal@example.org"}, ()),
            ({"email": "nod\u0131ra@example.org"}, ()),
            ({"email": "nodira@example.org\0"}, ()),
            ({"email": "x@example.org", "role": "teacher", "staff": True}, ()),
        ],
    )
    def test_an_address_that_is_not_verified_not_allowed_or_only_looks_the_same(
        self, served: Served, provider: Watched, claims: dict[str, object], domains: tuple[str, ...]
    ) -> None:
        believes(served, domains=domains)
        says(provider, sub="evil", **claims)
        assert comes_in(served)[0] == 403 and staff(served) == BEFORE

    def test_another_account_that_gets_the_address_later(self, served: Served, provider: Watched) -> None:
        believes(served)
        says(provider, sub="t1", email="nodira@example.org")
        assert comes_in(served)[0] == 303
        says(provider, sub="evil", email="nodira@example.org")
        status, text = comes_in(served)
        assert status == 403 and "Somebody else has logged in as you before" in text and len(staff(served)) == 3

    @pytest.mark.parametrize("email", ["nodira@example.org", "NODIRA@example.org"])
    def test_a_student_of_the_roster_with_the_same_address(self, served: Served, provider: Watched, email: str) -> None:
        believes(served)
        served.service.people.enrol([Student("s001", "Gʻulom", email)])
        says(provider, sub="t1", email="nodira@example.org")
        status, text = comes_in(served)
        assert status == 403 and "both as a student and under oidc: staff" in text and staff(served) == BEFORE

    def test_a_student_who_has_come_in_stays_one_whatever_address_the_account_has_later(
        self, served: Served, provider: Watched
    ) -> None:
        believes(served)
        assert comes_in(served)[0] == 303
        says(provider, email="nodira@example.org")
        client = served.browser()
        assert client.get(logged_in_there(served, client)).status_code == 303
        assert client.get("/class").status_code == 404 and staff(served) == BEFORE

    def test_the_same_number_at_another_issuer(self, served: Served, provider: Watched) -> None:
        believes(served)
        other = served.service.identities.admit("https://other.test", "u1", "Nodira", "n@other.test", Role.TEACHER)
        assert other is not None
        client = served.browser()
        assert client.get(logged_in_there(served, client)).status_code == 303
        assert client.get("/class").status_code == 404 and "Gʻulom" in client.get("/exercises").text
