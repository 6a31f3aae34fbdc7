"""A measured difference between an observation and the reference, and the sentence for each reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from grader.core.words.message import Message, say


class Reason(Enum):
    """In what an observation differs; each has its own sentence."""

    VALUE = "value"
    ELEMENT = "element"
    NOT_A_NUMBER = "not-a-number"
    INFINITE = "infinite"
    SHAPE = "shape"
    DTYPE = "dtype"
    NOTHING = "nothing"
    TYPE = "type"
    COUNT = "count"
    GRAPH_CUT = "graph-cut"
    NOT_REQUIRED = "not-required"
    BACKWARD_RAISED = "backward-raised"
    NO_BACKWARD = "no-backward"
    NO_PARAMETER = "no-parameter"
    STEP_LOSS = "step-loss"
    STEP_GRADIENT = "step-gradient"
    STEP_PARAMETER = "step-parameter"
    START_PARAMETER = "start-parameter"
    STEPS_RIGHT_SO_FAR = "steps-right-so-far"
    NO_STORES = "no-stores"
    STORE = "store"
    STORES = "stores"
    UNBOUND = "unbound"
    NOT_A_TENSOR = "not-a-tensor"
    NOT_FLOATING = "not-floating"
    NO_GRADIENT_WANTED = "no-gradient-wanted"
    NOT_A_LEAF = "not-a-leaf"
    NO_OUTPUT = "no-output"
    OUTPUT_MISSING = "output-missing"
    OUTPUT_TOO_MUCH = "output-too-much"


@dataclass(frozen=True)
class Mismatch:
    """One difference: where it is worst, what was observed, what was expected, and what would have been allowed.

    Attributes:
        subject: what was compared, as `forward(x) at x = 4`.
        place: index of the worst element, or of the first step that differs, counted from 0; empty for a scalar.
        actual, expected, allowed: numbers at that place, where there are numbers.
    """

    reason: Reason
    subject: Message
    place: tuple[int, ...] = ()
    actual: float | None = None
    expected: float | None = None
    allowed: float | None = None
    fields: Mapping[str, object] = field(default_factory=dict)


SENTENCES: Mapping[Reason, Message] = {
    Reason.VALUE: say("{subject} is {actual}; accepted: {interval}."),
    Reason.ELEMENT: say("{subject}: element {place} is {actual}; accepted: {interval}."),
    Reason.NOT_A_NUMBER: say(
        "{subject} is not a number (NaN). Look for 0/0, a logarithm of a negative number, or steps that "
        "grow without end."
    ),
    Reason.INFINITE: say("{subject} is infinite. Look for a division by 0 or steps that grow without end."),
    Reason.SHAPE: say("{subject} has shape {shape}; expected {expected_shape}."),
    Reason.DTYPE: say("{subject} has dtype {dtype}; expected {expected_dtype}."),
    Reason.NOTHING: say("{subject} gives nothing back (None). Is a return missing?"),
    Reason.TYPE: say("{subject} is of type {type}; a number or a tensor is expected."),
    Reason.COUNT: say("{subject} gives {count} values; expected {expected_count}."),
    Reason.GRAPH_CUT: say(
        "{subject}: no gradient arrives. The graph is cut between {name} and the result: look for "
        ".item(), .data, .detach() or a new tensor made from numbers."
    ),
    Reason.NOT_REQUIRED: say(
        "{subject}: {name} does not require a gradient. Make it a tensor with requires_grad=True."
    ),
    Reason.BACKWARD_RAISED: say("{subject}: the backward pass raised {type}: {words}"),
    Reason.NO_BACKWARD: say("No backward pass was seen in the run. Call .backward() on the loss of each sample."),
    Reason.NO_PARAMETER: say(
        "The backward calls of the run do not all reach the same parameter. "
        "Train one w from the first step to the last."
    ),
    Reason.STEP_LOSS: say("At backward call {step} of {steps} the loss is {actual}; accepted: {interval}."),
    Reason.STEP_GRADIENT: say("At backward call {step} of {steps} the gradient is {actual}; accepted: {interval}."),
    Reason.STEP_PARAMETER: say(
        "Before backward call {step} of {steps} the parameter is {actual}; accepted: {interval}. "
        "So the update after call {previous} went wrong."
    ),
    Reason.START_PARAMETER: say("The parameter starts at {actual}; accepted: {interval}."),
    Reason.STEPS_RIGHT_SO_FAR: say(
        "The run makes {count} backward calls; expected {expected_count}. "
        "Those that could be compared are right: count the epochs and the updates in each."
    ),
    Reason.NO_STORES: say("{name} never gets a value in the run. Keep the parameter in a variable named {name}."),
    Reason.STORE: say("Value {step} of {name} in the run is {actual}; accepted: {interval}."),
    Reason.STORES: say(
        "{name} takes {count} different values in the run; expected {expected_count}. "
        "The ones that could be compared are right: count the epochs and the updates in each."
    ),
    Reason.UNBOUND: say("{name} is not set at the top level of the program."),
    Reason.NOT_A_TENSOR: say("{name} is of type {type}; a torch tensor is expected."),
    Reason.NOT_FLOATING: say(
        "{name} has dtype {dtype}; only floating-point tensors can have gradients. Write 1.0 instead of 1."
    ),
    Reason.NO_GRADIENT_WANTED: say("{name} does not require a gradient. Make it with requires_grad=True."),
    Reason.NOT_A_LEAF: say(
        "{name} is computed from another tensor, so it is no leaf and gets no .grad. "
        "Make it directly with torch.tensor(…, requires_grad=True)."
    ),
    Reason.NO_OUTPUT: say("The program prints no numbers."),
    Reason.OUTPUT_MISSING: say(
        "Printed number {step} of {steps} that is asked, {about}, was not found in its place in the output."
    ),
    Reason.OUTPUT_TOO_MUCH: say(
        "The program prints {count} numbers; at most {most} are read. Print what is asked, not everything."
    ),
}


def shown_shape(shape: tuple[int, ...]) -> str:
    """Return a shape as people read it: 1×20, and () for a single number."""
    return "×".join(map(str, shape)) if shape else "()"
