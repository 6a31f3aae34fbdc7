"""Auto-graded exercises for deep-learning courses: values, losses and gradients judged against autograd."""

__version__ = "0.1.0"
# What the grader speaks itself; a course may speak more.
LANGUAGES = ("uz", "en")


def load_ipython_extension(shell: object) -> None:
    """Answer `%load_ext grader` in a notebook."""
    from grader.integrations.jupyter import load

    load(shell)
