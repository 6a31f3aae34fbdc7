"""What numbers that are wrong have in common, and what shows in the source."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "holds-whole-numbers": say("It holds whole numbers, which cannot have a gradient: write 1.0."),
    "no-gradient-computed": say("No gradient is computed for it: requires_grad=True is missing."),
    "method-not-called": say(
        "A method is written without its parentheses, so it is never called: look for .item without ()."
    ),
    "loop-left-at-once": say("The loop ends in its first round: there is a return or break inside its body."),
    "nothing-leads-back": say(
        "The numbers may be right, but nothing leads back from them: .item(), .data, .detach(), a new tensor "
        "made from numbers or no_grad() has cut the graph, or requires_grad=True is missing."
    ),
    "all-signs-flipped": say("Every number has the wrong sign: look for a difference taken the wrong way round."),
    "rows-and-columns-exchanged": say(
        "Rows and columns are swapped: a transpose is missing, or there is one too many."
    ),
    "not-summed": say("There is one number for each sample; their sum over the batch is asked for."),
    "nan-comes-out": say(
        "The result is not a number (NaN): look for 0/0, or the logarithm or root of a negative number."
    ),
    "first-digits-only": say(
        "Only the first digits of the numbers are right: look for round(), half precision, or a constant "
        "with too few digits."
    ),
    "off-by-factor": say("Every number is {factor} times what it should be: look for a missing or an extra factor."),
    "sum-for-mean": say("Every number is {count} times what it should be: a sum is used instead of a mean."),
    "mean-for-sum": say("Every number is divided by {count}: a mean is used instead of a sum or a single sample."),
    "factor-missing": say("The factor {name} is missing: multiplied by {name}, the numbers are right."),
    "absolute-for-square": say("This is the absolute difference; the squared difference is asked for."),
    "difference-not-squared": say("This is the difference itself; it is not squared."),
    "one-step-late": say("Every number is one step late: the value of the previous step is used."),
    "never-zeroed": say("The gradient is never reset to zero: each backward() adds to the earlier gradients."),
    "not-zeroed-each-step": say(
        "The gradient is not reset to zero after every step: backward() adds to what is left from before."
    ),
    "update-up-the-slope": say("The update goes up the slope: the gradient is added instead of subtracted."),
    "update-scaled": say("Every update is {factor} times as large as it should be: look at the learning rate."),
    "loss-subtracted": say(
        "The update subtracts a multiple of the loss; it should subtract a multiple of the gradient."
    ),
    "gradient-sign-flipped": say("The gradient has the wrong sign: look for a difference taken the wrong way round."),
    "diverges": say(
        "The training runs away: the loss grows, or is not a number any more. Look at the learning rate and the sign "
        "of the update."
    ),
    "other-in-another-batch": say(
        "The same input gets another prediction when it is asked about together with others: model.eval() is missing, "
        "so dropout or batch normalisation still work as in training."
    ),
    "probabilities-for-logits": say(
        "The predictions are probabilities already; logits are asked for, the numbers before the softmax or sigmoid."
    ),
    "same-for-all": say("Every input gets the same prediction."),
    "labels-off-by": say(
        "Every label is off by {count}: are the classes counted from 0, and is the right column looked at?"
    ),
    "labels-exchanged": say(
        "The classes are told apart, but under other labels: were the inputs and the labels put in the same order?"
    ),
    "right-up-to-scale": say(
        "Up to a factor and a constant the predictions are right: is something normalised that is not turned back?"
    ),
    "no-backward-in-training": say("The training makes no backward() call: is the model trained at all?"),
    "loss-stays": say(
        "The loss hardly changes over the training: does the optimizer have the parameters of this model, and is "
        "step() called?"
    ),
    "loss-still-falls": say(
        "The loss is still falling when the training ends: train for more steps, or with a larger learning rate."
    ),
    "loss-levels-off": say(
        "The loss stops falling far above where it could be: is something missing in the model, such as an activation "
        "between two layers, do inputs and labels belong together, and is the learning rate small enough?"
    ),
    "only-on-its-own-data": say(
        "On the data that it is trained with the program does as well as it should, but not on new ones: it learns "
        "them by heart, or treats new ones in another way."
    ),
    "or-gradient-sign-flipped": say("Or the gradient itself has the wrong sign."),
}
