"""A course's server, asked over HTTP with a token.

With Python's own client: what is needed is small, and a student has to install nothing for it. Whatever the server
sends is read within bounds; it is asked at the address that the user named and at no other.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import re
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from grader.actions.student.remote import of_another_version
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import say

API_VERSION = 1
_SECONDS = 30.0
_MOST_BYTES = 16 * 2**20
_MOST_WORDS = 1000
_TOKEN = re.compile(r"course_[A-Za-z0-9_-]{16,200}")
# Seconds before it is tried once more, where the server is away for a moment or says that it is asked too often.
_PAUSES = (1.0, 3.0, 10.0)
_BUSY = (429, 502, 503, 504)
_UNAUTHORIZED, _SERVER = 401, 500
# What each answer has, with its type.
_COURSE: Mapping[str, type] = {"course": str, "student": str, "name": str, "expires": str}
_TAKEN: Mapping[str, type] = {"submission": str, "page": str}
_VERDICT: Mapping[str, type] = {"state": str, "place": int, "late_seconds": int, "notes": list}


def server_address(typed: str) -> str:
    """Return the address of a server as browsers name it: scheme, host, and the port where it is not the scheme's.

    Raises:
        UsageFault: where it is none.
    """
    url = typed.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True) and url.isprintable()
    except ValueError:
        named = False
    if not named or parts.path or parts.query or parts.fragment or parts.username is not None or " " in url:
        raise UsageFault(say("{url} is no address of a server; write it as https://course.example.org", url=typed))
    usual = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}"


def is_private(url: str) -> bool:
    """Return whether nobody on the way reads what is sent there: through TLS, or within this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """To follow one would show the token to whoever is named there."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass
class CourseServer:
    """A server with the token for it.

    Args:
        language: in which it says what is wrong.

    Raises:
        UsageFault: where this is no token; every method, where the server refuses what is asked.
        CouldNotJudge: every method, where the server cannot be reached, or does not answer as than it should.
    """

    url: str
    token: str = field(repr=False)
    language: str = "en"
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise UsageFault(say("this is not a course token; make one at {url}/tokens", url=self.url))
        # To this machine itself no proxy leads, and one of another machine would read what is not encrypted.
        handlers = [urllib.request.ProxyHandler({})] if _is_here(urlsplit(self.url).hostname or "") else []
        self._opener = urllib.request.build_opener(_NoRedirects, *handlers)

    def course(self) -> Mapping[str, Any]:
        """Return which course it serves, and whose token this is."""
        return self._asked(_COURSE, "course")

    def hand_in(self, exercise: str, content: bytes, filename: str, form: str) -> Mapping[str, Any]:
        """Hand in one file; what has the same key as one before is that one."""
        boundary = secrets.token_hex(16)
        kind = f"multipart/form-data; boundary={boundary}"
        body = _form(boundary, form, filename, content)
        return self._asked(_TAKEN, "exercises", exercise, body=body, kind=kind)

    def verdict(self, submission: str) -> Mapping[str, Any]:
        """Return where a submission is, or what it got."""
        answer = self._asked(_VERDICT, "submissions", submission)
        if answer["state"] == "judged" and not isinstance(answer.get("report"), dict):
            raise of_another_version(self.url)
        if not _are_comments(answer.get("comments", [])):
            raise of_another_version(self.url)
        return answer

    def _asked(
        self, wanted: Mapping[str, type], *path: str, body: bytes | None = None, kind: str = ""
    ) -> Mapping[str, Any]:
        address = "/".join([self.url, "api", str(API_VERSION), *(quote(part, safe="") for part in path)])
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language,
                   "User-Agent": "course", **({"Content-Type": kind} if kind else {})}  # fmt: skip
        for pause in (*_PAUSES, None):
            try:
                status, content = self._sent(urllib.request.Request(address, body, headers))  # noqa: S310 - http(s) only
            except (OSError, http.client.HTTPException) as error:
                if pause is None:
                    raise self._unreachable(error) from None
            else:
                if pause is None or status not in _BUSY:
                    return self._answer(status, content, wanted)
            self.sleep(pause)
        raise AssertionError

    def _sent(self, request: urllib.request.Request) -> tuple[int, bytes]:
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return answer.status, _whole(answer)
        except urllib.error.HTTPError as error:
            with error:
                if error.headers.get("Location") and 300 <= error.code < 400:
                    raise self._elsewhere(error.headers["Location"]) from None
                return error.code, _whole(error)

    def _answer(self, status: int, content: bytes, wanted: Mapping[str, type]) -> Mapping[str, Any]:
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            raise of_another_version(self.url) from None
        if not isinstance(answer, dict) or answer.get("format_version") != API_VERSION:
            raise of_another_version(self.url)
        error = answer.get("error")
        if status == _UNAUTHORIZED:
            raise UsageFault(
                say(
                    "{url} does not accept the token: it has expired or was revoked, or is that of another course. "
                    "Make a new one at {url}/tokens, then: course login {url}",
                    url=self.url,
                )
            )
        if isinstance(error, dict):
            words = say("{words}", words=str(error.get("message", ""))[:_MOST_WORDS])
            raise CouldNotJudge(words) if status >= _SERVER else UsageFault(words)
        if any(type(answer.get(name)) is not kind for name, kind in wanted.items()):
            raise of_another_version(self.url)
        return answer

    def _unreachable(self, error: Exception) -> CouldNotJudge:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        words = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        return CouldNotJudge(say("{url} cannot be reached: {words}.", url=self.url, words=str(words)[:_MOST_WORDS]))

    def _elsewhere(self, location: str) -> UsageFault:
        return UsageFault(
            say(
                "{url} sends on to {other}, where your token is not sent. If the course is there now: course login URL",
                url=self.url,
                other=location[:_MOST_WORDS],
            )
        )


def _whole(answer: Any) -> bytes:
    """Return what is answered; half of it would be read as something else."""
    content: bytes = answer.read(_MOST_BYTES)
    if getattr(answer, "length", None):
        raise http.client.IncompleteRead(content)
    return content


def _are_comments(told: object) -> bool:
    return isinstance(told, list) and all(
        isinstance(each, dict) and all(isinstance(each.get(name), str) for name in ("on", "by", "text"))
        for each in told
    )


def _form(boundary: str, form: str, filename: str, content: bytes) -> bytes:
    """Return a form as browsers send it."""
    named = filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    return b"".join(
        [
            f'--{boundary}\r\nContent-Disposition: form-data; name="form"\r\n\r\n{form}\r\n'.encode(),
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{named}"\r\n'.encode(),
            b"Content-Type: application/octet-stream\r\n\r\n",
            content,
            f"\r\n--{boundary}--\r\n".encode(),
        ]
    )
