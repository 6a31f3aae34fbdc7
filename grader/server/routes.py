"""Every route, and who may use it: one table, which a test walks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from grader.core.people.person import Role
from grader.server import metrics, programs, showing
from grader.server.asking import Asked
from grader.server.desk import class_table, exercise_results, extending, regrading, teacher_pages
from grader.server.signing import oidc_pages, signing_in, token_pages
from grader.server.students import grade_questions, handing_in, student_pages, submission_pages

Handler = Callable[[Asked], Response]
# None is whoever has not come in.
_ANYBODY = frozenset({None, *Role})
_SIGNED_IN = frozenset(Role)
_STUDENTS = frozenset({Role.STUDENT})
_STAFF = frozenset({Role.ASSISTANT, Role.TEACHER})
_TEACHERS = frozenset({Role.TEACHER})


@dataclass(frozen=True)
class Route:
    """One address.

    Attributes:
        roles: who may use it; None for whoever has not come in. Whose work somebody may see, the handler says.
        uploads: whether its form may have files.
        addressed: whether it answers only where the host is the course's own.
        by_token: whether it is for programs that have the token of the metrics, and for nobody who signs in.
        for_programs: whether it is for programs that show a token of somebody who is one of `roles`; cookies count for
            nothing there, and tokens nowhere else.
        for_everybody: whether the answer is the same for everybody, so that nobody asks whose session it is.
    """

    method: str
    path: str
    roles: frozenset[Role | None]
    handler: Handler
    uploads: bool = False
    addressed: bool = True
    by_token: bool = False
    for_programs: bool = False
    for_everybody: bool = False


ROUTES = (
    Route("GET", "/health", _ANYBODY, signing_in.health, addressed=False, for_everybody=True),
    Route("GET", "/metrics", frozenset(), metrics.metrics, addressed=False, by_token=True),
    Route("GET", "/static/{name}", _ANYBODY, signing_in.static, for_everybody=True),
    Route("GET", "/link/{link}", _ANYBODY, signing_in.link),
    Route("POST", "/link", _ANYBODY, signing_in.enter),
    Route("GET", "/sign-in", _ANYBODY, oidc_pages.start),
    Route("GET", oidc_pages.RETURNS, _ANYBODY, oidc_pages.done),
    Route("POST", "/language", _ANYBODY, signing_in.language),
    Route("POST", "/sign-out", _SIGNED_IN, signing_in.leave),
    Route("GET", "/", _SIGNED_IN, student_pages.home),
    Route("GET", "/exercises", _SIGNED_IN, student_pages.exercises),
    Route("GET", "/exercises/rows", _SIGNED_IN, student_pages.rows),
    Route("GET", "/exercises/{id}", _SIGNED_IN, student_pages.exercise),
    Route("GET", "/exercises/{id}/starter", _SIGNED_IN, student_pages.starter),
    Route("GET", "/exercises/{id}/files/{name}", _SIGNED_IN, student_pages.given_file),
    Route("POST", "/exercises/{id}", _STUDENTS, handing_in.hand_in, uploads=True),
    Route("GET", "/submissions/{name}", _SIGNED_IN, submission_pages.submission),
    Route("GET", "/submissions/{name}/state", _SIGNED_IN, submission_pages.state),
    Route("GET", "/submissions/{name}/file", _SIGNED_IN, submission_pages.file),
    Route("POST", "/submissions/{name}/hint", _STUDENTS, submission_pages.hint),
    Route("POST", "/submissions/{name}/question", _STUDENTS, submission_pages.ask),
    Route("POST", "/submissions/{name}/comment", _STAFF, submission_pages.comment),
    Route("GET", "/tokens", _STUDENTS, token_pages.tokens),
    Route("POST", "/tokens", _STUDENTS, token_pages.make),
    Route("POST", "/tokens/{token}/revoke", _STUDENTS, token_pages.revoke),
    Route("GET", "/api/1/course", _STUDENTS, programs.course, for_programs=True),
    Route("POST", "/api/1/exercises/{id}", _STUDENTS, programs.hand_in, uploads=True, for_programs=True),
    Route("GET", "/api/1/submissions/{name}", _STUDENTS, programs.verdict, for_programs=True),
    Route("GET", "/class", _STAFF, class_table.matrix),
    Route("GET", "/class/rows", _STAFF, class_table.matrix_rows),
    Route("GET", "/class/exercises/{id}", _STAFF, exercise_results.exercise),
    Route("POST", "/class/exercises/{id}/comment", _STAFF, exercise_results.comment),
    Route("GET", "/class/students/{person}", _STAFF, teacher_pages.student),
    Route("GET", "/class/students/{person}/{id}", _STAFF, teacher_pages.work),
    Route("POST", "/class/students/{person}/{id}/override", _TEACHERS, teacher_pages.set_mark),
    Route("POST", "/class/students/{person}/{id}/waive", _TEACHERS, teacher_pages.set_waiver),
    Route("POST", "/class/students/{person}/{id}/extend", _TEACHERS, extending.set_extension),
    Route("GET", "/class/grades.csv", _STAFF, teacher_pages.grades_csv),
    Route("GET", "/class/questions", _STAFF, grade_questions.questions),
    Route("POST", "/class/questions/{question}", _STAFF, grade_questions.answer),
    Route("GET", "/class/regrades", _TEACHERS, regrading.regrades),
    Route("POST", "/class/regrades", _TEACHERS, regrading.begin),
    Route("GET", "/class/regrades/rows", _TEACHERS, regrading.rows),
    Route("POST", "/class/regrades/{regrade}", _TEACHERS, regrading.end),
    Route("GET", "/class/feedback", _TEACHERS, showing.rules),
    Route("POST", "/class/feedback", _TEACHERS, showing.set_rules),
    Route("GET", "/class/people", _TEACHERS, teacher_pages.people),
    Route("POST", "/class/people", _TEACHERS, teacher_pages.add_person),
    Route("POST", "/class/people/{person}/link", _TEACHERS, teacher_pages.new_link),
    Route("POST", "/class/people/{person}/role", _TEACHERS, teacher_pages.set_role),
    Route("GET", "/class/audit", _TEACHERS, teacher_pages.audit),
)

# What answers where no route leads.
NOWHERE = Route("GET", "", _ANYBODY, signing_in.nowhere)
