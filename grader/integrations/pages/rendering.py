"""What both kinds of pages share: templates that escape whatever they are given, and numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.core.course.policies.told_policies import told
from grader.core.words.message import Translate, clean
from grader.store.students.submissions import folder_names

STUDENTS = "students"
_OURS = "grader.integrations.pages"
NOTHING = "—"


def render(template: str, translate: Translate, language: str, package: str = _OURS, **values: object) -> str:
    """Return the page that a template makes of these values, said in `language`.

    Args:
        package: has the template in its folder `templates`; it may include those of this package.
    """
    page = _environment(package).get_template(template)
    return page.render(_=translate, language=language, **values)


def page_names(students: Iterable[str]) -> dict[str, str]:
    """Return the file name of each student's page."""
    return {student: f"{name}.html" for student, name in folder_names(students).items()}


def page_link(name: str) -> str:
    """Return the address of a student's page by its file name, as the class's page links to it."""
    # The file's name may hold a percent sign of its own, which an address has to spell out.
    return f"{STUDENTS}/{quote(name)}"


def number(value: float | None) -> str:
    """Return points with at most two decimals; a dash where there are none, which is not a zero."""
    return NOTHING if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def percent(share: float | None) -> str:
    """Return a share as a percentage, rounded down: 100 % is nothing but all, and what is below half looks so."""
    return NOTHING if share is None else f"{math.floor(100 * share + 1e-9)}%"


def moment(at: datetime) -> str:
    """Return a date and time with its time zone."""
    return f"{at:%Y-%m-%d %H:%M} {at.tzname() or ''}".strip()


def span(time: timedelta, translate: Translate) -> str:
    """Return how long `time` is, in the two units that matter."""
    hours, minutes = divmod(math.ceil(time.total_seconds() / 60), 60)
    if hours < 24 or not hours % 24:
        return told(timedelta(hours=hours, minutes=minutes if hours < 24 else 0)).said(translate)
    return translate("{days} d {hours} h").format(days=hours // 24, hours=hours % 24)


def _shown(value: object) -> object:
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(each) for each in dict.fromkeys((package, _OURS))]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        # They come with the package, and do not change while it runs.
        auto_reload=False,
    )
    environment.filters.update(number=number, percent=percent, moment=moment)
    return environment
