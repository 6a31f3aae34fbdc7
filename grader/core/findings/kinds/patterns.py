"""What numbers that are wrong have in common, and what shows in the source."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "holds-whole-numbers": say("It holds whole numbers, and those have no gradient: write 1.0."),
    "no-gradient-computed": say("No gradient is computed for it: requires_grad=True is missing."),
    "method-not-called": say(
        "A method stands without its parentheses, so it is never called: look for .item without ()."
    ),
    "loop-left-at-once": say("The loop is left in its first round: a return or break stands inside its body."),
    "nothing-leads-back": say(
        "The numbers may be right, but nothing leads back from them: .item(), .data, .detach(), a new "
        "tensor made of them or no_grad() has cut the graph, or requires_grad=True is missing."
    ),
    "all-signs-flipped": say("Everything has the other sign: look for a difference taken the wrong way round."),
    "rows-and-columns-exchanged": say(
        "Rows and columns are exchanged: a transposition is missing, or is one too many."
    ),
    "not-summed": say("There is one number for each sample; their sum over the batch is asked."),
    "nan-comes-out": say("Not a number (NaN) comes out: look for 0/0, or a logarithm or root of a negative number."),
    "first-digits-only": say(
        "The numbers agree in their first digits only: look for round(), half precision, or a constant cut short."
    ),
    "off-by-factor": say("Everything is {factor} times what it should be: look for a factor lost or one too many."),
    "sum-for-mean": say("Everything is {count} times what it should be: a sum stands where a mean belongs."),
    "mean-for-sum": say("Everything is divided by {count}: a mean stands where a sum, or a single sample, belongs."),
    "factor-missing": say("The factor {name} is missing: times {name} it is right."),
    "absolute-for-square": say("This is the absolute difference; its square is asked."),
    "difference-not-squared": say("This is the difference itself: it is not squared."),
    "one-step-late": say("Everything comes one step late: the value of the step before is used."),
    "never-zeroed": say("The gradient is never set back to zero: each backward() adds to those before it."),
    "not-zeroed-each-step": say(
        "The gradient is not set back to zero after every step: backward() adds to what is still there."
    ),
    "update-up-the-slope": say("The update goes up the slope: the gradient is added instead of subtracted."),
    "update-scaled": say("Every update is {factor} times as long: look at the learning rate."),
    "loss-subtracted": say("The update subtracts a share of the loss; it should be of the gradient."),
    "gradient-sign-flipped": say("The gradient has the other sign: look for a difference taken the wrong way round."),
    "or-gradient-sign-flipped": say("Or the gradient itself has the other sign."),
}
