"""Questions that lead to an idea without naming it: for each named misconception, and for each kind of check."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.autodiff.graph import ValueOf
from grader.core.compare.comparison import comparisons
from grader.core.course.exercise import Ask, Check
from grader.core.run.observation import RunStatus
from grader.core.words.message import Message, say

_QUESTIONS: Mapping[str, Message] = {
    "gradient-not-zeroed": say("What is in w.grad when the second backward() begins?"),
    "accumulated": say("What is in w.grad when the second backward() begins?"),
    "zeroed-once-per-epoch": say("Within one epoch, what is in w.grad when backward() begins for the second sample?"),
    "zeroed-before-backward": say("What is w.grad before the very first backward()? Print it there."),
    "leaf-rebound": say("After the first update, is w still the tensor that you created? Print w.is_leaf and w.grad."),
    "leaf-updated-in-place": say("torch records what is done with w. Should it record the update as well?"),
    "saved-value-overwritten": say(
        "Which values does the backward pass read again, and does a line change one of them?"
    ),
    "backward-twice": say("How many forward passes and how many backward() calls are there in each of your steps?"),
    "graph-cut": say("Follow the path from the loss back to w: at which line does it end?"),
    "item-too-early": say("What is the type of the value on which you call backward()? Print type(…)."),
    "integer-leaf": say("What is the dtype of w? Print w.dtype: can such a number change by a small amount?"),
    "vector-loss": say("How many numbers does your loss hold when backward() begins? Print its shape."),
    "update-sign": say("If the gradient is positive, in which direction must w move to make the loss smaller?"),
    "chain-factor-missing": say("On the way back, is there one factor for each edge? Count both."),
    "factor-two-missing": say("What is the derivative of s² with respect to s?"),
    "loss-not-squared": say("What is done to the difference before it becomes the loss?"),
    "loss-absolute": say("What is done to the difference before it becomes the loss?"),
    "target-forgotten": say("Where does the true value y enter your formula?"),
    "batch-mean": say("How many times is w updated in one epoch, and how many times should it be?"),
    "batch-sum": say("How many times is w updated in one epoch, and how many times should it be?"),
    "updated-with-loss": say("What is the learning rate multiplied by in your update?"),
    "broadcast-target": say(
        "What are the shapes of the prediction and the target, and what is the shape of their difference?"
    ),
    "softmax-twice": say("What does CrossEntropyLoss do with its input before it takes the logarithm?"),
    "item-not-called": say("What is the difference between naming a method and calling it?"),
    "returned-in-loop": say("How many times does the body of your loop run? Print something in it."),
    "device-copy-not-leaf": say("Does .to(device) return the leaf that you created, or something computed from it?"),
    "accumulation-overwritten": say("If a value is used twice, along how many paths does its gradient arrive?"),
    "operand-order": say("What is subtracted from what? Try two small numbers and compare."),
    "integer-input": say("What is the dtype of the input, and what is the dtype of the weights? Print both."),
    "missing-batch-dimension": say("Which shape does the layer expect, and what is the shape of your input?"),
    "probabilities-expected": say("Which range must the input of this loss be in, and is your input in it?"),
    "target-not-float": say("Which dtype does this loss expect for the targets? Print the dtype of yours."),
    "stopped-early": say("At which node does your path back end, and which edge continues from there?"),
    "sign-flipped": say(
        "Which difference decides the sign here, and what is its derivative with respect to the quantity in question?"
    ),
    "local-derivative-not-taken": say("At each edge: did you write down a value, or the derivative?"),
    "upstream-ignored": say("What arrives at this node from above, and where is it in your product?"),
    "added-instead-of-multiplied": say("Along one path, are local derivatives added or multiplied?"),
    "wrong-variable": say("With respect to which variable is the derivative asked for, and which one did you use?"),
    "scaled": say("By what factor do your numbers differ from the right ones, and where could it come from?"),
    "transposed": say("Which index runs along the rows, and which along the columns? Print the shape."),
    "stale-parameter": say("Which w is this value computed from: the one before the update or the one after it?"),
    "not-summed-over-batch": say("How many numbers are asked for: one for each sample, or one for all of them?"),
    "low-precision": say("Where do your numbers lose digits: round(), a dtype, or a constant that you typed?"),
    "not-a-number": say("Which operation can give NaN: what do you divide by, or take the root or logarithm of?"),
    "zeroed-before-update": say("What is in w.grad at the very line of the update? Print it there."),
    "parameter-not-updated": say("Print w before and after your update: which line should change it?"),
    "optimizer-elsewhere": say("Which tensors does your optimizer change? Compare its list with what the model uses."),
    "updated-before-backward": say("At your first update, which gradient is there already?"),
    "pairs-not-zipped": say("What do x and y hold in the first round of your loop? Print both."),
    "gradient-of-result": say(
        "Which of your tensors did you create yourself, and which were worked out? Print is_leaf of each."
    ),
    "not-a-leaf": say("Is w the tensor that you created, or something computed from it? Print w.is_leaf."),
    "backward-from-another": say(
        "Of which quantity does the training need the gradient, and on which one is backward() called?"
    ),
    "updated-twice": say("How many lines change w between two backward() calls?"),
    "never-called": say("What is the difference between naming a function and calling it?"),
    "name-shadowed": say("What does this name mean before the line, and what after it? Print its type in both places."),
    "printed-not-returned": say("What does your function give to the line that calls it? Print that."),
    "loss-accumulated": say("How many samples is the loss made of when backward() begins?"),
}

_STATUSES: Mapping[RunStatus, Message] = {
    RunStatus.TIMED_OUT: say("Which loop never ends? Print its counter in every round."),
    RunStatus.OUT_OF_MEMORY: say("What grows in every round of the loop?"),
}
_RAISED = say(
    "What does the last line of the error message say, and what did you expect there? Print that value just before."
)


def question_about(name: str) -> Message | None:
    """Return the question that leads to a misconception; None where none is known."""
    return _QUESTIONS.get(name)


def question_of_status(status: RunStatus) -> Message | None:
    """Return the question about how a process ended; None where that asks for none."""
    return _STATUSES.get(status)


def question_of_check(check: Check, raised: bool) -> Message:
    """Return the question for a check whose mistake has no name.

    Args:
        raised: whether it ended with an error.
    """
    return _RAISED if raised else comparisons(check)[0].question(check)


def question_of_tests(raised: bool) -> Message:
    """Return the question for tests of the author's."""
    return _RAISED if raised else say("Call it yourself with small numbers: what do you expect, and what do you get?")


def question_of_ask(ask: Ask, raised: bool) -> Message:
    """Return the question for a stated value."""
    if raised:
        return say("Is every answer on its own line, as name: NUMBER?")
    if isinstance(ask.question, ValueOf):
        return say("Which values does this node use? Substitute them, one operation at a time.")
    return say("What is the local derivative of each edge on that path? First write them one below the other.")
