"""What a handler gets, and what it returns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from starlette.responses import HTMLResponse, RedirectResponse, Response

from grader.core.people.person import Person
from grader.core.words.message import Message, Translate
from grader.integrations.pages.rendering import render
from grader.server.service import Service
from grader.store.grades.people.tokens import Token
from grader.store.machine.catalogues import translation

# Of what programs are answered.
API_VERSION = 1


class NotHere(Exception):
    """What the address names is not there, or not for this person: nobody learns which."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.template)
        self.message = message


@dataclass(frozen=True)
class Sent:
    """A file of a form; its name is somebody else's words."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Asked:
    """One request, as far as handlers may know it.

    Attributes:
        at: when its head arrived, by the database's clock; None of a request by nobody.
        nonce: allows one style element of the page.
        session: the secret of the session, empty where there is none.
        token: what a program showed that asks for a student; None where a browser asks.
        flow: of a login by single sign-on that this browser has begun; empty where there is none.
        for_programs: whether the answer is for a program, on whatever is wrong, too.
    """

    service: Service
    person: Person | None
    language: str
    nonce: str
    at: datetime | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sent: Mapping[str, tuple[Sent, ...]] = field(default_factory=dict)
    session: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    token: Token | None = None
    for_programs: bool = False
    flow: str = ""

    @property
    def who(self) -> Person:
        """Who asks, on a route that nobody else reaches."""
        assert self.person is not None
        return self.person

    @property
    def student(self) -> str:
        """Whose work a page shows that shows one's own."""
        return self.who.student or self.who.shown

    @property
    def translate(self) -> Translate:
        return translation(self.language)

    def one(self, name: str) -> str:
        """Return a field of the form; empty where it is not there."""
        return next(iter(self.fields.get(name, ())), "")

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """Return a page for whoever asks."""
        everywhere = {
            "course": self.service.files.course.title.said_in(self.language),
            "person": self.person,
            "single_sign_on": self.service.oidc is not None,
        }
        shown = render(
            template, self.translate, self.language, package="grader.server", nonce=self.nonce, **everywhere, **values
        )
        return HTMLResponse(shown, status)

    def answer(self, content: Mapping[str, object], status: int = 200) -> Response:
        """Return an answer to a program, as a JSON object that says its version."""
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
        text = json.dumps({"format_version": API_VERSION, **content}, allow_nan=False)
        return Response(text, status, headers, media_type="application/json")


def see(path: str) -> Response:
    """Return an answer that sends the browser to another page of ours."""
    return RedirectResponse(path, 303)


def to(*parts: str) -> str:
    """Return the address of a page, its parts spelled so that they stay parts."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def attachment(content: bytes, name: str, media_type: str = "application/octet-stream") -> Response:
    """Return bytes that a browser stores and never shows or runs."""
    told = quote(name, safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{told}", "Content-Security-Policy": "sandbox"}
    return Response(content, media_type=media_type, headers=headers)
