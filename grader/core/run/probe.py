"""What is put to a submission that has been loaded: a call, with everything that is made for it."""

from __future__ import annotations

from dataclasses import dataclass

from grader.core.autodiff.expression import Expression
from grader.core.course.checks.call import Call, of_submission
from grader.core.course.checks.device import DEVICE
from grader.core.course.checks.given import Layout
from grader.core.course.draws.draw import Array, Distribution


@dataclass(frozen=True)
class Input:
    """The numbers of one input. `array` is None where the box computes `expression` from the other inputs.

    An argument is made `like` an element of that name of the submission, where it has one. With a size it is handed
    over as `arrays` says: torch, numpy or list.
    """

    name: str
    array: Array | None
    expression: Expression | None = None
    parameter: bool = False
    optional: bool = False
    like: str | None = None
    arrays: str = "torch"


@dataclass(frozen=True)
class ModuleNumbers:
    """What goes into the parameters of a module under `let`. The box draws it, since only there it is known how many.

    Attributes:
        name: of the module.
        seed: of these numbers, and of nothing else.
        layout: the parameters of the solution's module; None where it is the solution that is asked.
    """

    name: str
    distribution: Distribution
    seed: bytes
    layout: Layout | None = None


@dataclass(frozen=True)
class Probe:
    """One call put to a submission; `seed` and `index` make its hidden cotangents, and never enter the box.

    Attributes:
        let: objects that are made before the call: names and expressions.
        modules: what goes into the parameters of those that are modules.
        after: expressions that are computed when the call has returned.
        draws: how often the call is made again, with other random numbers each time, and the seed of the first time.
        helpers: the names that ask.py gives to expressions.
        trained: the names of what was made by a training before it.
        cost: what is counted of the call.
        device: on which its inputs and modules lie; "" where nothing is said of devices.
    """

    call: Call
    given: tuple[Input, ...]
    args: tuple[Input, ...]
    gradients: tuple[str, ...]
    seed: bytes
    index: int
    let: tuple[tuple[str, str], ...] = ()
    modules: tuple[ModuleNumbers, ...] = ()
    after: tuple[str, ...] = ()
    helpers: frozenset[str] = frozenset()
    draws: tuple[int, int] = (0, 0)
    trained: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    device: str = ""

    @property
    def wanted(self) -> tuple[str, ...]:
        """The names that the submission must have for it."""
        made = {*self.trained, *(name for name, _ in self.let), *(item.name for item in self.args), *self.helpers}
        made |= {DEVICE} if self.device else set()
        objects = (name for _, expression in self.let for name in of_submission(expression, made))
        return tuple(dict.fromkeys((*objects, *self.call.of_submission(made))))
