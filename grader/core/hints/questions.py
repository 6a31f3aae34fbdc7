"""Questions that lead to an idea without naming it: for each named misconception, and for each kind of check."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.autodiff.graph import ValueOf
from grader.core.compare.comparison import comparisons
from grader.core.course.exercise import Ask, AuthorTest, Check
from grader.core.run.observation import RunStatus
from grader.core.words.message import Message, say

_QUESTIONS: Mapping[str, Message] = {
    "gradient-not-zeroed": say("What is in w.grad when the second backward() begins?"),
    "accumulated": say("What is in w.grad when the second backward() begins?"),
    "zeroed-once-per-epoch": say("Within one epoch, what is in w.grad when the second sample's backward() begins?"),
    "zeroed-before-backward": say("What is w.grad before the very first backward()? Print it there."),
    "leaf-rebound": say("After the first update, is w still the tensor that you made? Print w.is_leaf and w.grad."),
    "leaf-updated-in-place": say("torch records what is done with w. Should it record the update as well?"),
    "saved-value-overwritten": say(
        "Which values does the backward pass read again, and does a line change one of them?"
    ),
    "backward-twice": say("How many forward passes, and how many backward() calls, does one step of yours make?"),
    "graph-cut": say("Follow the way from the loss back to w: at which line does it end?"),
    "item-too-early": say("Of which type is the value on which you call backward()? Print type(…)."),
    "integer-leaf": say("Of which dtype is w? Print w.dtype: can such a number change by a little?"),
    "vector-loss": say("How many numbers does your loss hold when backward() begins? Print its shape."),
    "update-sign": say("If the gradient is positive, which way must w move so that the loss falls?"),
    "chain-factor-missing": say("Along the way back, is there one factor for each edge? Count both."),
    "factor-two-missing": say("What is the derivative of s² with respect to s?"),
    "loss-not-squared": say("What becomes of the difference before it is called the loss?"),
    "loss-absolute": say("What becomes of the difference before it is called the loss?"),
    "target-forgotten": say("Where does the true value y enter your formula?"),
    "batch-mean": say("How many times is w updated in one epoch, and how many times should it be?"),
    "batch-sum": say("How many times is w updated in one epoch, and how many times should it be?"),
    "updated-with-loss": say("By what is the learning rate multiplied in your update?"),
    "broadcast-target": say("Which shapes have prediction and target, and which shape has their difference?"),
    "softmax-twice": say("What does CrossEntropyLoss do with its input before it takes the logarithm?"),
    "item-not-called": say("What is the difference between naming a method and calling it?"),
    "returned-in-loop": say("How often does the body of your loop run? Print something in it."),
    "device-copy-not-leaf": say("Is what .to(device) gives the leaf that you made, or something computed from it?"),
    "accumulation-overwritten": say("If a value is used twice, from how many sides does its gradient arrive?"),
    "operand-order": say("What is subtracted from what? Put in two small numbers and compare."),
    "integer-input": say("Which dtype has the input, and which have the weights? Print both."),
    "missing-batch-dimension": say("Which shape does the layer expect, and which does your input have?"),
    "probabilities-expected": say("Between which bounds must the input of this loss lie, and do yours?"),
    "integer-target": say("Which dtype does this loss expect of the targets? Print theirs."),
    "stopped-early": say("At which node does your way back end, and which edge leads on from there?"),
    "sign-flipped": say(
        "Which difference decides the sign here, and what is its derivative by the part you ask about?"
    ),
    "local-derivative-not-taken": say("At each edge: did you write down a value, or the derivative?"),
    "upstream-ignored": say("What arrives at this node from above, and where is it in your product?"),
    "added-instead-of-multiplied": say("Along one path, are local derivatives added or multiplied?"),
    "wrong-variable": say("With respect to what is the derivative asked, and with respect to what did you take it?"),
    "scaled": say(
        "By which factor do your numbers differ from the right ones, and where could such a factor come from?"
    ),
    "transposed": say("Which index runs along the rows, and which along the columns? Print the shape."),
    "stale-parameter": say("From which w is this value computed: that before the update, or that after it?"),
    "not-summed-over-batch": say("How many numbers are asked, one for each sample or one for all?"),
    "low-precision": say("Where do your numbers lose digits: round(), a dtype, or a constant that you typed?"),
    "not-a-number": say(
        "Which operation can give NaN: which value is divided by, or stands under a root or logarithm?"
    ),
}

_STATUSES: Mapping[RunStatus, Message] = {
    RunStatus.TIMED_OUT: say("Which loop never ends? Print its counter in every round."),
    RunStatus.OUT_OF_MEMORY: say("What grows in every round of the loop?"),
}


def question_about(name: str) -> Message | None:
    """Return the question that leads to a misconception; None where none is known."""
    return _QUESTIONS.get(name)


def question_of_kind(part: Ask | Check | AuthorTest, raised: bool, status: RunStatus = RunStatus.COMPLETED) -> Message:
    """Return the question for a check whose mistake has no name.

    Args:
        raised: whether it ended with an error.
        status: of the process.
    """
    if status in _STATUSES:
        return _STATUSES[status]
    if isinstance(part, Ask):
        return _of_ask(part, raised)
    if raised:
        return say(
            "What does the last line of the error say, and what did you expect at that place? Print it just before."
        )
    if isinstance(part, AuthorTest):
        return say("Call it yourself with small numbers: what do you expect, and what comes out?")
    return comparisons(part)[0].question(part)


def _of_ask(ask: Ask, raised: bool) -> Message:
    if raised:
        return say("Does every answer stand on a line of its own, as name: NUMBER?")
    if isinstance(ask.question, ValueOf):
        return say("Which values does this node read? Put them in, one operation at a time.")
    return say("What is the local derivative of each edge on that way? Write them below one another first.")
