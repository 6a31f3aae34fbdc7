"""Auto-graded exercises for deep-learning courses: values, losses and gradients judged against autograd."""

import os
import sys

__version__ = "0.1.0"
# What the grader speaks itself; a course may speak more.
LANGUAGES = ("uz", "en")
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def environment_language() -> str | None:
    """Return the language that the environment asks for, or Windows where that is silent, if it is one of ours."""
    asked = [value for variable in _VARIABLES if (value := os.environ.get(variable))]
    for name in ":".join(asked or [_of_windows()]).split(":"):
        if name[:2].lower() in LANGUAGES and name[2:3] in ("", "_", ".", "@", "-"):
            return name[:2].lower()
    return None


def _of_windows() -> str:
    """Return the language in which Windows shows itself: it sets no variable. Elsewhere it is none."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")


def load_ipython_extension(shell: object) -> None:
    """Answer `%load_ext grader` in a notebook."""
    from grader.integrations.jupyter import load

    load(shell)
