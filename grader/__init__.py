"""Auto-graded exercises for deep-learning courses: values, losses and gradients judged against autograd."""

from collections.abc import Mapping

__version__ = "0.1.0"
# What the grader speaks itself; a course may speak more.
LANGUAGES = ("uz", "en")
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def asked_language(environment: Mapping[str, str]) -> str | None:
    """Return the language that the environment asks for, if it is one of ours."""
    for variable in _VARIABLES:
        for name in environment.get(variable, "").split(":"):
            if name[:2].lower() in LANGUAGES and name[2:3] in ("", "_", ".", "@", "-"):
                return name[:2].lower()
    return None
