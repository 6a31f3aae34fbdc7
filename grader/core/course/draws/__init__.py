"""The kinds of draws, a file each."""

from grader.core.course.declared import Vocabulary
from grader.core.course.draws.draw import Draw

DRAWS = Vocabulary(
    Draw,  # type: ignore[type-abstract]  # none is made of it
    {
        "fixed": "grader.core.course.draws.fixed",
        "uniform": "grader.core.course.draws.uniform",
        "normal": "grader.core.course.draws.normal",
        "integer": "grader.core.course.draws.integer",
        "boolean": "grader.core.course.draws.boolean",
        "choice": "grader.core.course.draws.choice",
        "permutation": "grader.core.course.draws.permutation",
        "one_hot": "grader.core.course.draws.one_hot",
        "padding": "grader.core.course.draws.padding",
        "ragged": "grader.core.course.draws.ragged",
        "scale_of": "grader.core.course.draws.scale_of",
        "of": "grader.core.course.draws.of",
    },
)
