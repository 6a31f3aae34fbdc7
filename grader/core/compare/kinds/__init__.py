"""The kinds of comparisons, a file each."""

from grader.core.compare.comparison import Comparison
from grader.core.course.declared import Vocabulary

COMPARISONS = Vocabulary(
    Comparison,  # type: ignore[type-abstract]  # none is made of it
    {
        "value": "grader.core.compare.kinds.value",
        "gradient": "grader.core.compare.kinds.gradient",
        "trace": "grader.core.compare.kinds.trace",
        "stores": "grader.core.compare.kinds.stores",
        "final": "grader.core.compare.kinds.final",
        "parameter": "grader.core.compare.kinds.parameter",
        "after": "grader.core.compare.kinds.after",
        "distribution": "grader.core.compare.kinds.distribution",
        "parameters": "grader.core.compare.kinds.parameters",
        "reach": "grader.core.compare.kinds.reach",
        "operations": "grader.core.compare.kinds.cost",
        "calls": "grader.core.compare.kinds.cost",
        "memory": "grader.core.compare.kinds.cost",
        "output": "grader.core.compare.kinds.output",
    },
)
