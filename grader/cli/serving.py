"""What `course serve` does: the pages in this process, and a grading process beside them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.batch import gradebook_address, read_class
from grader.cli.boundary import ExitCode
from grader.cli.language import translate
from grader.core.people.person import Role
from grader.core.people.student import Student
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, clean, say

if TYPE_CHECKING:
    from grader.server.service import Service
    from grader.store.course.course_files import CourseFiles

# Who started the grading process, so that it ends with that.
SERVED_BY = "COURSE_SERVED_BY"
_SECRET = "COURSE_SECRET"
# Seconds until a grading process that ended is started again, the first time and at most, and until one that is to end
# is made to.
_AGAIN, _AT_MOST, _PATIENCE = 5.0, 300.0, 20.0
_SHORTEST_TOKEN = 24


def serve(
    files: CourseFiles,
    host: str,
    port: int,
    public_url: str | None,
    grading: Sequence[str] | None,
    metrics_token: Path | None = None,
    oidc_secret: Path | None = None,
) -> int:
    """Serve pages until SIGTERM or Ctrl-C.

    Args:
        public_url: the address that browsers use; None where it is that of host and port.
        grading: options of the grading process; None for none.
        metrics_token: the file with the token that reads the metrics; None where nobody reads any.
        oidc_secret: the file with the secret that the course has at the provider of its single sign-on; None where it
            has none.

    Raises:
        UsageFault: where the address or the token is none, or the extra is not installed.
    """
    try:
        import uvicorn

        from grader.server.app import make_app
        from grader.server.oidc import Provider
        from grader.server.signing.oidc_pages import RETURNS
    except ModuleNotFoundError:
        # What is there and cannot be imported has another reason, which must not be hidden.
        raise UsageFault(
            say(
                "course serve needs more packages; install them with: pip install authlib httpx2 joserfc "
                "prometheus-client python-multipart starlette uvicorn"
            )
        ) from None
    if files.is_release:
        raise UsageFault(say("this is a students' copy: serve the course itself, which has the solutions"))
    url = _address(host, port, public_url)
    token, secret = _token(metrics_token), _oidc_secret(files, oidc_secret)
    listening = _listening(host, port)
    service = _service(files, url)
    service.metrics_token = token
    if files.course.oidc is not None and not secret:
        _say(say("course.yaml names a provider under oidc; to let people in by it: course serve --oidc-secret FILE"))
    elif files.course.oidc is not None:
        service.oidc = Provider(files.course.oidc, secret, f"{url}{RETURNS}")
    environment = dict(os.environ)
    if environment.get("COURSE_GRADEBOOK"):
        # The grading process runs in another folder.
        environment["COURSE_GRADEBOOK"] = gradebook_address(files).render_as_string(hide_password=False)
    # What decides marks is not for the process that talks to browsers.
    os.environ.pop(_SECRET, None)
    try:
        _greet(service, grading is not None and sys.stdout.isatty())
        # Its log would hold links, which are secrets.
        config = uvicorn.Config(
            make_app(service), host=host, port=port, access_log=False, log_level="warning", proxy_headers=False,
            server_header=False, timeout_graceful_shutdown=5, h11_max_incomplete_event_size=32 * 1024,
            limit_concurrency=2000, timeout_keep_alive=15,
        )  # fmt: skip
        server = uvicorn.Server(config)
        # It raises the signal again when it has ended, which would end this process before the grading process.
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: setattr(server, "should_exit", True))
        with _grading(files, grading, environment):
            server.run([listening])
        waiting = len(service.queue.waiting())
        print(translate("Stopped. Waiting to be judged at the next start: {count}").format(count=waiting), flush=True)
    finally:
        listening.close()
        service.book.close()
    return ExitCode.FULL_MARKS


def _address(host: str, port: int, public_url: str | None) -> str:
    from grader.cli.composition import server_address

    url = server_address(public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}")
    if public_url is None and host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        raise UsageFault(say("with --host {host}, say at which address browsers find it: --public-url URL", host=host))
    return url


def _token(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        token = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise UsageFault(say("{file} cannot be read", file=path)) from None
    if len(token) < _SHORTEST_TOKEN or not token.isprintable() or " " in token:
        raise UsageFault(
            say("{file} holds no token: write {count} letters and digits or more into it, drawn at random", file=path,
                count=_SHORTEST_TOKEN)
        )  # fmt: skip
    return token


def _oidc_secret(files: CourseFiles, path: Path | None) -> str:
    if path is None:
        return ""
    if files.course.oidc is None:
        raise UsageFault(say("--oidc-secret belongs to a provider; name it in course.yaml under oidc"))
    try:
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise UsageFault(say("{file} cannot be read", file=path)) from None
    if not secret or not secret.isprintable():
        raise UsageFault(say("{file} holds no secret: write the client's secret into it, in one line", file=path))
    return secret


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except OSError as error:
        raise UsageFault(
            say("port {port} of {host} cannot be used: {words}; choose another one: --port N", port=port, host=host,
                words=error.strerror or "")
        ) from None  # fmt: skip


def _service(files: CourseFiles, url: str) -> Service:
    from grader.server.service import Service
    from grader.store.grades.gradebook import Gradebook

    roster = read_class(files)
    service = Service(files, Gradebook(gradebook_address(files), durable=True), url, _say)
    others = {each.student for each in service.book.standing()} - set(roster) - service.book.forgotten()
    service.roster = frozenset(roster)
    service.people.enrol([*roster.values(), *(Student(id) for id in sorted(others))])
    return service


def _greet(service: Service, in_person: bool) -> None:
    """Say where the course is, and how to be its teacher.

    Args:
        in_person: whether somebody reads it at a terminal; what a service prints is in a log, where no link belongs.
    """
    print(translate("The course is at {url}").format(url=service.public_url), flush=True)
    if service.people.has_entered(Role.TEACHER):
        return
    if in_person:
        # Its link may have been lost with the terminal: the last one counts.
        teachers = [each for each in service.people.all() if each.role is Role.TEACHER and not each.erased]
        teacher = teachers[0] if teachers else service.people.add(translate("teacher"), Role.TEACHER)
        link, service.first_link = service.people.new_link(teacher.id, None), teacher.id
        print(translate("Open this link, once, to be the teacher:"), flush=True)
        print(f"{service.public_url}/link/{link}", flush=True)
    else:
        words = translate("To be the teacher: course links --teacher NAME --public-url {url}")
        print(words.format(url=service.public_url), flush=True)
    words = translate("To let the class in: course links --csv links.csv --public-url {url}")
    print(words.format(url=service.public_url), flush=True)


@contextmanager
def _grading(files: CourseFiles, options: Sequence[str] | None, environment: dict[str, str]) -> Iterator[None]:
    """Keep a grading process running; one that ends by itself is started again."""
    if options is None:
        yield
        return
    done = threading.Event()
    command = [sys.executable, "-P", "-m", "grader", "grade", "--follow", *options]
    environment = {**environment, SERVED_BY: str(os.getpid())}
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        seconds = _AGAIN
        while not done.is_set():
            process = subprocess.Popen(command, cwd=files.root, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603
            running[:] = [process]
            code = process.wait()
            if not done.is_set():
                _say(say("The grading process ended with code {code}; it is started again.", code=code))
                done.wait(seconds)
                seconds = min(2 * seconds, _AT_MOST)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        for process in running:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        keeper.join(_PATIENCE)


def _say(message: Message) -> None:
    print(clean(message.said(translate)), file=sys.stderr, flush=True)
