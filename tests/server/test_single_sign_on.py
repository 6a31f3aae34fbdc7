"""Single sign-on against a real provider on this machine: whom it lets in, and which answers are not believed."""

from __future__ import annotations

import base64
import hmac
import io
import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from served import URL, Served
from starlette.testclient import TestClient
from werkzeug.serving import make_server

from grader.actions.teacher.decisions.decide import forget
from grader.core.course.single_sign_on import SingleSignOn
from grader.core.people.student import Student
from grader.server.oidc import Provider
from grader.server.signing.oidc_pages import RETURNS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from oidc_provider_mock import app as provider_app

CLIENT = "course"
NONE, SHARED = b'{"alg":"none"}', b'{"alg":"HS256","kid":"k"}'
Claims = dict[str, Any]


def believed(claims: Claims, key: RSAKey) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k"}, claims, key)


class Watched:
    """A provider whose tokens are signed by a key of the test, which can so be false in one way only.

    Attributes:
        sign: makes the token of its claims.
        asked: the forms of all requests for tokens.
    """

    def __init__(self) -> None:
        self._app = provider_app(require_nonce=True)
        self.key = RSAKey.generate_key(2048, {"kid": "k", "use": "sig"})
        self.begin()

    def begin(self) -> None:
        self.sign: Callable[[Claims, RSAKey], str] = believed
        self.asked: list[dict[str, list[str]]] = []
        self.moved: dict[str, str] = {}

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        path = environ["PATH_INFO"]
        if path == "/jwks":
            return self._json(start, {"keys": [self.key.as_dict(private=False)]})
        if path == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            self.asked.append(parse_qs(body.decode()))
            environ["wsgi.input"] = io.BytesIO(body)
        if path not in ("/oauth2/token", "/.well-known/openid-configuration"):
            return self._app(environ, start)
        answers: list[Any] = []
        content = json.loads(
            b"".join(self._app(environ, lambda status, headers, *_: answers.append((status, headers))))
        )
        if path != "/oauth2/token":
            return self._json(start, {**content, **self.moved})
        if "id_token" not in content:
            return self._json(start, content, answers[0][0])
        claims = json.loads(_decoded(content["id_token"].split(".")[1]))
        return self._json(start, {**content, "id_token": self.sign(claims, self.key)})

    def _json(self, start: Any, content: object, status: str = "200 OK") -> list[bytes]:
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(content).encode()]


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[str, Watched]]:
    with pytest.MonkeyPatch.context() as patch:
        # Without it Authlib's server side refuses whoever does not come through TLS.
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        watched = Watched()
        server = make_server("localhost", 0, watched, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        issuer = f"http://localhost:{server.server_port}"
        email = {"email": "G@example.org", "email_verified": True}
        for subject, claims in {
            "u1": email,
            "u2": {**email, "email_verified": False},
            "u3": {"number": "s003"},
        }.items():
            httpx2.put(f"{issuer}/users/{subject}", json=claims).raise_for_status()
        yield issuer, watched
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def provider(running: tuple[str, Watched], served: Served) -> Watched:
    issuer, watched = running
    watched.begin()
    served.service.oidc = Provider(SingleSignOn(issuer, CLIENT), "hush", f"{URL}{RETURNS}")
    served.service.people.enrol([Student("s001", "Gʻulom", "g@example.org")])
    return watched


def logged_in_there(served: Served, client: TestClient, subject: str = "u1") -> str:
    """Begin here and log in at the provider; return where it sends the browser."""
    away = client.get("/sign-in")
    assert away.status_code == 303, away.text
    answer = httpx2.post(away.headers["location"], data={"sub": subject}, follow_redirects=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"].removeprefix(URL)


def comes_in(served: Served, subject: str = "u1") -> tuple[int, str]:
    client = served.browser()
    answer = client.get(logged_in_there(served, client, subject))
    assert (answer.status_code == 303) == (client.get("/exercises").status_code == 200)
    return answer.status_code, answer.text


class TestComingIn:
    def test_who_has_a_verified_address_of_the_roster_is_that_student(self, served: Served, provider: Watched) -> None:
        client = served.browser()
        assert 'href="/sign-in"' in client.get("/").text
        away = client.get("/sign-in")
        cookie, asked = away.headers["set-cookie"].lower(), parse_qs(urlsplit(away.headers["location"]).query)
        assert "httponly" in cookie and "samesite=lax" in cookie and "max-age=600" in cookie
        assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
        assert asked["redirect_uri"] == [f"{URL}/sign-in/done"] and "hush" not in away.headers["location"]
        back = httpx2.post(away.headers["location"], data={"sub": "u1"}, follow_redirects=False).headers["location"]
        answer = client.get(back.removeprefix(URL))
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "Gʻulom" in client.get("/exercises").text and "course-sign-in" not in client.cookies
        # The code alone is worth nothing: its verifier never left this server but for the provider.
        (form,) = provider.asked
        assert create_s256_code_challenge(form["code_verifier"][0]) == asked["code_challenge"][0]
        did = [(who and who.student, did) for _, who, did, _ in served.service.people.audit(2)]
        assert did == [("s001", "enter"), ("s001", "identity")]

    def test_from_then_on_the_providers_number_counts_and_no_address(self, served: Served, provider: Watched) -> None:
        assert comes_in(served)[0] == 303
        served.service.people.enrol(
            [Student("s001", "Gʻulom", "new@example.org"), Student("s003", "A", "g@example.org")]
        )
        client = served.browser()
        client.get(logged_in_there(served, client))
        assert "Gʻulom" in client.get("/exercises").text

    def test_another_account_with_the_same_address_is_not_let_in_until_the_teacher_makes_a_link(
        self, served: Served, provider: Watched
    ) -> None:
        assert comes_in(served)[0] == 303
        provider.sign = lambda claims, key: believed({**claims, "sub": "u9"}, key)
        status, text = comes_in(served)
        assert status == 403 and "Somebody else has logged in as you before" in text
        served.service.people.new_link(served.person("s001").id, None)
        assert comes_in(served)[0] == 303

    @pytest.mark.parametrize("came_in_before", [False, True])
    def test_an_id_that_is_corrected_on_the_roster_is_who_comes_in_from_the_next_start(
        self, served: Served, provider: Watched, came_in_before: bool
    ) -> None:
        # s001 was a slip for s100, and there are two with that address now.
        if came_in_before:
            assert comes_in(served)[0] == 303
        old = served.as_("s001") if not came_in_before else served.browser()
        served.service.people.enrol([Student("s100", "Gʻulom", "g@example.org")])
        served.service.roster = {"s002", "s003", "s100"}
        client = served.browser()
        assert client.get(logged_in_there(served, client)).status_code == 303
        assert client.get("/tokens").status_code == 200
        (_, who, did, _), *_ = served.service.people.audit(1)
        assert who is not None and (who.student, did) == ("s100", "enter")
        # It stays so, and nobody else is let in as the student.
        assert comes_in(served)[0] == 303
        provider.sign = lambda claims, key: believed({**claims, "sub": "u9"}, key)
        assert comes_in(served)[0] == 403
        assert forget(served.service.book, served.service.roster, ["s001"], False, True, "a slip", "Nodira") == ["s001"]
        assert old.get("/exercises").status_code == 403 and client.get("/exercises").status_code == 200

    def test_who_is_on_the_roster_no_more_stays_who_came_in_before(self, served: Served, provider: Watched) -> None:
        assert comes_in(served)[0] == 303
        served.service.roster = {"s002", "s003"}
        assert comes_in(served)[0] == 303
        served.service.people.new_link(served.person("s001").id, None)
        assert comes_in(served)[0] == 403

    def test_a_claim_that_the_course_names_is_compared_with_the_roster_s_id(
        self, served: Served, provider: Watched
    ) -> None:
        assert served.service.oidc is not None
        issuer = served.service.oidc.settings.issuer
        served.service.oidc = Provider(SingleSignOn(issuer, CLIENT, "number"), "hush", f"{URL}{RETURNS}")
        assert comes_in(served, "u3")[0] == 303 and comes_in(served, "u1")[0] == 403


class TestWhoIsNot:
    @pytest.mark.parametrize(
        ("subject", "domains", "email", "said"),
        [
            ("u2", (), "g@example.org", "does not tell us a verified e-mail"),
            ("u1", ("other.org",), "g@example.org", "does not tell us a verified e-mail"),
            ("u1", (), "gg@example.org", "not on this course"),
            ("u1", (), "", "not on this course"),
        ],
    )  # fmt: skip
    def test_an_address_that_is_not_verified_not_allowed_or_not_on_the_roster(
        self, served: Served, provider: Watched, subject: str, domains: tuple[str, ...], email: str, said: str
    ) -> None:
        assert served.service.oidc is not None
        issuer = served.service.oidc.settings.issuer
        served.service.oidc = Provider(SingleSignOn(issuer, CLIENT, domains=domains), "hush", f"{URL}{RETURNS}")
        served.service.people.enrol([Student("s001", "Gʻulom", email)])
        status, text = comes_in(served, subject)
        assert status == 403 and said in text

    def test_an_address_that_two_students_have(self, served: Served, provider: Watched) -> None:
        served.service.people.enrol([Student("s003", "Ali", "g@example.org")])
        assert comes_in(served)[0] == 403

    def test_a_student_who_is_out_of_sight(self, served: Served, provider: Watched) -> None:
        assert comes_in(served)[0] == 303
        served.service.book.forget(["s001"], True, "left", "teacher", datetime.now(UTC))
        assert comes_in(served)[0] == 403

    def test_who_says_no_there(self, served: Served, provider: Watched) -> None:
        client = served.browser()
        client.get("/sign-in")
        answer = client.get("/sign-in/done?error=access_denied&error_description=<script>alert(1)</script>")
        assert answer.status_code == 403 and "<script>alert" not in answer.text


OTHER_KEY = RSAKey.generate_key(2048)


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def _unsigned(claims: Claims, _: RSAKey) -> str:
    return f"{_encoded(NONE)}.{_encoded(json.dumps(claims).encode())}."


def _by_public_key(claims: Claims, key: RSAKey) -> str:
    """Sign with what everybody knows as if it were a shared secret: libraries have believed that."""
    text = f"{_encoded(SHARED)}.{_encoded(json.dumps(claims).encode())}"
    signed = hmac.new(key.as_pem(private=False), text.encode(), "sha256").digest()
    return f"{text}.{_encoded(signed)}"


FALSE: dict[str, Callable[[Claims, RSAKey], str]] = {
    "expired": lambda claims, key: believed(
        {**claims, "exp": int(time.time()) - 60, "iat": int(time.time()) - 900}, key
    ),
    "of the future": lambda claims, key: believed({**claims, "iat": int(time.time()) + 900}, key),
    "for somebody else": lambda claims, key: believed({**claims, "aud": "another"}, key),
    "for us among others, made for another": lambda claims, key: believed(
        {**claims, "aud": [CLIENT, "another"], "azp": "another"}, key
    ),
    "of another issuer": lambda claims, key: believed({**claims, "iss": "https://evil.test"}, key),
    "with another nonce": lambda claims, key: believed({**claims, "nonce": "another"}, key),
    "without a nonce": lambda claims, key: believed({k: v for k, v in claims.items() if k != "nonce"}, key),
    "without an end": lambda claims, key: believed({k: v for k, v in claims.items() if k != "exp"}, key),
    "without a subject": lambda claims, key: believed({k: v for k, v in claims.items() if k != "sub"}, key),
    "of nobody": lambda claims, key: believed({**claims, "sub": ""}, key),
    "of another access token": lambda claims, key: believed({**claims, "at_hash": "AAAA"}, key),
    "by another key": lambda claims, _: believed(claims, OTHER_KEY),
    "by another algorithm": lambda claims, key: jwt.encode(
        {"alg": "RS512", "kid": "k"}, claims, key, algorithms=["RS512"]
    ),
    "by the public key as a secret": _by_public_key,
    "unsigned": _unsigned,
    "changed": lambda claims, key: believed(claims, key)[:-8] + "AAAAAAAA",
    "none": lambda _, __: "x.y.z",
    "endless": lambda claims, key: believed({**claims, "more": "x" * 30_000}, key),
}


def test_a_token_that_is_false_in_one_way_lets_nobody_in(served: Served, provider: Watched) -> None:
    let_in = []
    for how, sign in FALSE.items():
        provider.sign = sign
        status, text = comes_in(served)
        if status != 403 or "This does not belong to a login" not in text:
            let_in.append((how, status))
    assert let_in == [] and len(provider.asked) == len(FALSE)
    provider.sign = believed
    assert comes_in(served)[0] == 303


class TestAnswersThatAreNone:
    def test_one_that_comes_twice_or_to_another_browser(self, served: Served, provider: Watched) -> None:
        client, other = served.browser(), served.browser()
        back = logged_in_there(served, client)
        other.get("/sign-in")
        # An attacker's answer in somebody else's browser would make that somebody work as the attacker.
        assert other.get(back).status_code == 403 and served.browser().get(back).status_code == 403
        cookie = client.cookies["course-sign-in"]
        assert client.get(back).status_code == 303
        client.cookies.set("course-sign-in", cookie, domain="course.test", path="/")
        client.cookies.delete("course-session")
        assert client.get(back).status_code == 403 and client.get("/exercises").status_code == 403

    @pytest.mark.parametrize(
        "changed", [{"state": ""}, {"state": "ʻ"}, {"code": ""}, {"code": "guessed"}, {"iss": "https://evil.test"}]
    )
    def test_one_with_another_state_code_or_issuer(
        self, served: Served, provider: Watched, changed: dict[str, str]
    ) -> None:
        client = served.browser()
        query = {name: values[0] for name, values in parse_qs(urlsplit(logged_in_there(served, client)).query).items()}
        assert client.get("/sign-in/done", params={**query, **changed}).status_code == 403

    def test_one_that_comes_too_late(self, served: Served, provider: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
        client = served.browser()
        back = logged_in_there(served, client)
        late = time.time() + 601
        monkeypatch.setattr("grader.server.oidc.time.time", lambda: late)
        assert client.get(back).status_code == 403

    def test_a_session_of_before_ends_and_none_is_taken_over(self, served: Served, provider: Watched) -> None:
        client = served.as_("s003")
        before = client.cookies["course-session"]
        assert client.get(logged_in_there(served, client)).status_code == 303
        assert served.service.people.whose(before) is None and client.cookies["course-session"] != before


class TestProviders:
    @pytest.mark.parametrize(
        "moved",
        [
            {"issuer": "https://evil.test"},
            {"token_endpoint": "http://evil.test/token"},
            {"jwks_uri": "file:///etc/passwd"},
            {"authorization_endpoint": "javascript:alert(1)"},
            {"userinfo_endpoint": "http://evil.test"},
        ],
    )
    def test_one_that_says_it_is_elsewhere_or_can_be_overheard_is_not_used(
        self, served: Served, provider: Watched, moved: dict[str, str]
    ) -> None:
        provider.moved = moved
        answer = served.browser().get("/sign-in")
        assert answer.status_code == 503 and "location" not in answer.headers

    def test_one_that_is_away_is_told(self, served: Served) -> None:
        served.service.oidc = Provider(SingleSignOn("http://127.0.0.1:1", CLIENT), "hush", f"{URL}{RETURNS}")
        answer = served.browser().get("/sign-in")
        assert answer.status_code == 503 and "cannot be reached now" in answer.text
        assert served.browser().get("/exercises").status_code == 403

    def test_where_there_is_none_there_is_no_such_page(self, served: Served) -> None:
        client = served.browser()
        assert client.get("/sign-in").status_code == client.get("/sign-in/done?code=x&state=y").status_code == 404
        assert "/sign-in" not in client.get("/").text
