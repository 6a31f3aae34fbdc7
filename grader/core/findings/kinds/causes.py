"""What a program shows by what it writes, where its run shows the same: settings, and lines that do another thing."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "other-epochs": say("{where}: epochs: {found}; asked: {expected}."),
    "other-epochs-unsaid": say("{where}: epochs: {found}. That is not the number that is asked for."),
    "other-rate": say("{where}: the learning rate is {found}; {expected} is asked for."),
    "other-rate-unsaid": say("{where}: the learning rate {found} is not the one that is asked for."),
    "other-start": say("{where}: the training starts at {found}; it should start at {expected}."),
    "other-start-unsaid": say("{where}: {found} is not the value that the training should start at."),
    "other-order": say("{where}: the data are taken in another order; take them in the order in which they are given."),
    "slip-never-called": say("{where}: {name} is named here and not called: the parentheses () are missing."),
    "slip-loss-not-made": say(
        "{where}: {name} does not work out a loss but makes a loss function. Make it with {name}(…) first, and call "
        "what it makes with the prediction and the true value."
    ),
    "slip-name-shadowed": say(
        "{where}: {name} is the name of a function, and here it gets another value. After that the function cannot be "
        "called any more: give the value a name of its own."
    ),
    "slip-loss-accumulated": say(
        "{where}: {name} collects the losses of several pairs, and backward() starts from their sum each time. Start "
        "from the loss of this pair alone."
    ),
    "slip-wrong-arguments": say(
        "{where}: {name} is called with another number of arguments than it has. Compare this line with the one that "
        "begins with def."
    ),
    "slip-gradient-assigned": say(
        "{where}: backward() returns nothing, so {name} is None. The gradient is in .grad of the tensor itself."
    ),
    "slip-updated-before-backward": say(
        "{where}: the update comes before the first backward(), so there is no gradient yet. First backward(), then "
        "the update."
    ),
    "slip-updated-with-earlier": say(
        "{where}: the update comes before backward() in each step, so it uses what is left of the step before, or "
        "nothing. First backward(), then the update."
    ),
    "slip-gradient-of-result": say(
        "{where}: {name} is worked out from the parameter, and only the parameter itself keeps its gradient: "
        "{name}.grad is None."
    ),
    "slip-pairs-not-zipped": say(
        "{where}: this loop takes the lists {name} themselves one after the other, not one element of each. Which "
        "function puts lists together pair by pair?"
    ),
    "slip-optimizer-elsewhere": say(
        "{where}: the optimizer is not given the parameter that is trained here, so it leaves it as it is."
    ),
    "slip-not-a-leaf": say(
        "{where}: {name} is worked out from the tensor that requires the gradient, so it is not a leaf and gets no "
        ".grad. Create it directly from its starting value."
    ),
    "slip-graph-cut": say(
        "{where}: a new tensor is made of a value here. The graph behind that value is lost, so backward() never "
        "reaches the parameter."
    ),
    "slip-import-missing": say("{where}: {name} is used here, but the program never imports it."),
    "slip-self-forgotten": say(
        "{where}: {name} is written here without self, so it is only a variable of this method and not part of the "
        "object."
    ),
    "slip-name-misspelt": say("{where}: {name} has no value; is it {found}?"),
    "keyword-misspelt-attribute": say("{where}: {name} is no property of a tensor; is it {found}?"),
    "passes-with-this-line": say("{where}: with only this line changed, this check passes: {code}"),
    "passes-with-more": say("{where}: with one more line after this one, this check passes: {code}"),
    "passes-with-this-line-and-others": say(
        "{where}: with this line changed, and what else is named here, this check passes: {code}"
    ),
    "passes-with-more-and-others": say(
        "{where}: with one more line after this one, and what else is named here changed, this check passes: {code}"
    ),
    "gradient-not-printed": say("The gradient is computed, but the program never prints it."),
    "backward-from-another": say("backward() does not start from the loss here but from another value."),
    "constant-added": say("Something is added to the prediction that the model of this exercise does not have."),
    "lists-exchanged": say("Two of the lists are taken in each other's place here."),
    "arguments-of-call": say("A function is called with another value than it expects, or with two of them exchanged."),
    "updated-more-than-once": say("The parameter is updated twice in each step."),
    "gradient-as-used": say(
        "At step {step}, w.grad is {actual} when the update uses it: {value} of this step, and {found} from before."
    ),
}
