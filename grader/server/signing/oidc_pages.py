"""Coming in by single sign-on: off to the provider, and back as somebody on the roster."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from grader.core.course.single_sign_on import EMAIL, is_same
from grader.core.people.person import Person, Role
from grader.core.words.message import Message, say
from grader.server.asking import Asked, NotHere, see
from grader.server.oidc import FLOW_LASTS, Away, Known, NotBelieved, Provider, new_flow
from grader.server.signing.signing_in import keep_session

RETURNS = "/sign-in/done"


def start(asked: Asked) -> Response:
    """Send the browser to the provider, with a cookie by which it is known when it comes back."""
    provider = _provider(asked)
    flow = new_flow()
    try:
        response = RedirectResponse(provider.address(flow), 303)
    except Away:
        return _refused(asked, _away(), 503)
    response.set_cookie(
        asked.service.flow_cookie,
        flow,
        FLOW_LASTS,
        path="/",
        secure=asked.service.secure,
        httponly=True,
        samesite="lax",
    )
    return response


def done(asked: Asked) -> Response:
    """Let in whom the provider has let in, if that is somebody here."""
    provider = _provider(asked)
    if asked.query.get("error"):
        return _refused(
            asked, say("You were not logged in there. Try again, or ask your teacher for a personal link."), 403
        )
    try:
        known = provider.known(asked.flow, asked.query)
    except Away:
        return _refused(asked, _away(), 503)
    except NotBelieved:
        return _refused(
            asked,
            say("This does not belong to a login that this browser began within the last ten minutes. Try again."),
            403,
        )
    person = _person(asked, provider, known)
    if isinstance(person, Message):
        return _refused(asked, person, 403)
    if asked.session:
        asked.service.people.leave(asked.session)
    response = see("/")
    keep_session(asked, response, asked.service.people.begin(person.id, provider.settings.issuer))
    return _used(asked, response)


def _provider(asked: Asked) -> Provider:
    if asked.service.oidc is None:
        raise NotHere(say("There is no such page."))
    return asked.service.oidc


def _person(asked: Asked, provider: Provider, known: Known) -> Person | Message:
    """Return who this is, by the identity of before, else by the roster; why nobody, if so."""
    service, settings = asked.service, provider.settings
    by_email = settings.claim == EMAIL
    found = service.identities.whose(settings.issuer, known.subject)
    if found is None:
        return _by_roster(asked, provider, known, None)
    is_out_of_sight = found.student in service.book.forgotten()
    if by_email and (is_out_of_sight or not service.is_on_roster(found)):
        # An id on the roster may have been a slip, and is corrected by now.
        now = _by_roster(asked, provider, known, found)
        if not isinstance(now, Message) and now.id != found.id:
            return now
    return _nobody() if is_out_of_sight else found


def _by_roster(asked: Asked, provider: Provider, known: Known, before: Person | None) -> Person | Message:
    """Return who this is by the roster, and bind the identity to that; why nobody, if so.

    Args:
        before: to whom it is bound by now.
    """
    service, settings = asked.service, provider.settings
    gone = service.book.forgotten()
    by_email = settings.claim == EMAIL
    said = known.email if by_email else known.claim
    if not said:
        return (
            say("The login does not tell us a verified e-mail address. Ask your teacher for a personal link.")
            if (by_email)
            else _nobody()
        )
    people = [each for each in service.people.all() if each.student not in gone and not each.erased]
    if by_email:
        people = [each for each in people if service.is_on_roster(each)]
    same = [each for each in people if is_same((each.email if by_email else each.student) or "", said)]
    role = settings.role_of(said)
    if role is None:
        # Who came in as one of the staff does so no more, once course.yaml does not name them.
        same = [each for each in same if each.student]
    if role is not None and any(each.role is Role.STUDENT for each in same):
        return say(
            "You are here both as a student and under oidc: staff in course.yaml. Ask your teacher to strike one."
        )
    if role is not None and not same:
        new = service.identities.admit(settings.issuer, known.subject, known.name or said, known.email, role)
        return new or service.identities.whose(settings.issuer, known.subject) or _nobody()
    if len(same) != 1:
        return _nobody()
    if not service.identities.bind(settings.issuer, known.subject, same[0].id, before.id if before else None):
        return say("Somebody else has logged in as you before. Ask your teacher for a new personal link.")
    return same[0]


def _nobody() -> Message:
    return say("You are not on this course's list under the name that you logged in with. Ask your teacher.")


def _away() -> Message:
    return say("The login of your school cannot be reached now. Try again in a minute, or ask your teacher for a link.")


def _refused(asked: Asked, words: Message, status: int) -> Response:
    return _used(asked, asked.page("told.html", status, words=[words.said(asked.translate, asked.language)]))


def _used(asked: Asked, response: Response) -> Response:
    """End the flow: what a browser comes back with counts once."""
    response.delete_cookie(
        asked.service.flow_cookie, path="/", secure=asked.service.secure, httponly=True, samesite="lax"
    )
    return response
