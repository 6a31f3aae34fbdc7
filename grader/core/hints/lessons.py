"""The idea behind a mistake, and a small example of it in other numbers, by the mistake's name.

An example never holds the numbers of an exercise, nor what would mend the program.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

# One idea may have several names.
_LESSONS: Mapping[tuple[str, ...], tuple[Message, Message]] = {
    ("gradient-not-zeroed", "accumulated", "zeroed-once-per-epoch"): (
        say("backward() adds to .grad; it never replaces what is there."),
        say(
            "Two samples give the gradients 3 and 5. If .grad is 0 before each backward(), it holds 3 and then 5."
            " If not, it holds 3 and then 3 + 5 = 8."
        ),
    ),
    ("zeroed-before-update",): (
        say("The update uses what is in .grad at that very moment."),
        say(
            "Let backward() put 6 into .grad. An update right then moves the parameter by 0.1 · 6 = 0.6; after "
            ".grad is set to 0 it moves it by 0.1 · 0 = 0."
        ),
    ),
    ("parameter-not-updated",): (
        say("A parameter changes only where something writes a new value into it."),
        say(
            "After a = 5 and b = a − 1, a is still 5. The same is true of a tensor: working out a new value is "
            "not yet keeping it."
        ),
    ),
    ("leaf-rebound", "not-a-leaf", "device-copy-not-leaf"): (
        say(
            "A leaf is a tensor that you created yourself. What is worked out from it is another tensor, and "
            "backward() sets .grad on leaves only."
        ),
        say(
            "a = torch.tensor(3.0, requires_grad=True); b = a · 2. After backward() a.grad is there and b.grad is"
            " None. After a = a · 2 the name a means such a b."
        ),
    ),
    ("leaf-updated-in-place",): (
        say(
            "torch records what is done with a leaf, so that it can go back. An update is no part of the loss and"
            " must not be recorded."
        ),
        say(
            "Count money and write each step down: the sum follows from the notes. Whoever changes the first "
            "number afterwards makes the notes wrong; so torch refuses it."
        ),
    ),
    ("backward-twice", "loss-accumulated"): (
        say("One forward pass makes one graph, and one backward() uses it up."),
        say(
            "Three steps of a training are: forward, backward; forward, backward; forward, backward. Three times "
            "backward after one forward is a different thing."
        ),
    ),
    ("graph-cut", "item-too-early"): (
        say(
            "The way back from the loss goes along the graph only. A plain number, a copy made with "
            "torch.tensor(…) and a detached tensor have no graph behind them."
        ),
        say(
            "a = torch.tensor(3.0, requires_grad=True). a · a has a grad_fn: it knows that it came from a. (a · "
            "a).item() is 9.0, and 9.0 could have come from anywhere."
        ),
    ),
    ("integer-leaf",): (
        say("A derivative says what a very small change does. Whole numbers have no very small changes."),
        say(
            "torch.tensor(7).dtype is torch.int64, torch.tensor(7.5).dtype is torch.float32: how the number is "
            "written decides it."
        ),
    ),
    ("vector-loss",): (
        say("backward() asks: how does one number change? With several numbers there are several questions."),
        say(
            "The losses 4, 9 and 1 are three numbers. Their sum is 14, their mean 4.67: either is one number from"
            " which a way back can begin."
        ),
    ),
    ("update-sign",): (
        say("A gradient shows in which direction the loss grows. The parameter has to go the other way."),
        say(
            "For loss = a² at a = 3 the gradient is 6. At a = 3.1 the loss is 9.61, at a = 2.9 it is 8.41: which "
            "of the two did you want?"
        ),
    ),
    ("chain-factor-missing", "stopped-early", "upstream-ignored"): (
        say("A derivative along a path is the product of the local derivatives of all its edges."),
        say("a = 5b, b = 3c, c = 7d: ∂a/∂d has three edges and is 5 · 3 · 7 = 105. Whoever stops at c has 15."),
    ),
    ("factor-two-missing",): (
        say("The derivative of a power brings the exponent down as a factor."),
        say("Of a³ it is 3a²: at a = 2, 12 and not 4."),
    ),
    ("loss-not-squared", "loss-absolute"): (
        say("A square makes every difference positive and large ones count more."),
        say("The differences −3 and 3 add up to 0, as if nothing were wrong; their squares add up to 18."),
    ),
    ("batch-mean", "batch-sum"): (
        say("One update for each sample and one update for all of them at once are two different trainings."),
        say(
            "With 5 samples and 4 epochs the first makes 20 updates, the second 4. In the first, the second "
            "sample already meets a changed parameter."
        ),
    ),
    ("updated-with-loss",): (
        say("The loss says how bad it is; the gradient says in which direction to go."),
        say("A loss of 9 is the same at a = 3 and at a = −3, if loss = a². The gradients there are 6 and −6."),
    ),
    ("operand-order", "sign-flipped"): (
        say("Exchanging the two sides of a difference changes its sign, and the sign of its derivative with it."),
        say("7 − 2 = 5 and 2 − 7 = −5. The derivative of a − 7 by a is 1, that of 7 − a is −1."),
    ),
    ("added-instead-of-multiplied",): (
        say("Along one path, multiply. Where several paths meet, add."),
        say("a = 5b and b = 3c: ∂a/∂c = 5 · 3 = 15, not 5 + 3."),
    ),
    ("accumulation-overwritten",): (
        say("Where a value is used twice, its gradient arrives along both paths, and the two are added."),
        say("a = 5b + 3b: along one path 5 arrives, along the other 3, so ∂a/∂b = 8."),
    ),
    ("local-derivative-not-taken",): (
        say("At an edge stands how fast the upper value changes, not the value itself."),
        say("a = b² at b = 5: the value is 25, the local derivative is 2b = 10."),
    ),
    ("broadcast-target",): (
        say("Shapes that differ are stretched to fit, without a word."),
        say("A column of 4 numbers, (4, 1), minus a row of 4, (4,), gives 4 · 4 = 16 differences instead of 4."),
    ),
    ("softmax-twice",): (
        say("Some losses take the softmax themselves, so they want the scores before it."),
        say(
            "The scores 5 and 1 give 0.98 and 0.02. The softmax of these gives 0.72 and 0.28: certainty that "
            "nobody had taken away."
        ),
    ),
    ("returned-in-loop",): (
        say("return and break end the loop in the round in which they are reached."),
        say("for n in [3, 5, 9]: return n gives 3. The 5 and the 9 are never looked at."),
    ),
    ("never-called", "item-not-called"): (
        say("A name alone means the function; only the parentheses run it."),
        say("len is a function; len([7, 8]) is 2. The line len alone does nothing, and raises nothing either."),
    ),
    ("printed-not-returned",): (
        say("print shows a value to you; return gives it to whoever called the function."),
        say("def f(): print(7) — after a = f() the 7 is on the screen, and a is None."),
    ),
    ("stale-parameter",): (
        say("A value that was worked out earlier does not change when the parameter does."),
        say("a = 2; b = 10 · a; a = 3. Now b is still 20: it has to be worked out again."),
    ),
    ("updated-before-backward",): (
        say("In a step, the gradient has to be there before it can be used."),
        say("Read the map, then walk: whoever walks first goes where the map of yesterday sent him."),
    ),
    ("wrong-variable",): (
        say("A derivative names two things: of what, and with respect to what."),
        say("a = 5b + 3c: ∂a/∂b is 5, ∂a/∂c is 3. Both are right, for different questions."),
    ),
}


def lesson_about(name: str) -> tuple[Message, ...]:
    """Return the idea behind a misconception and an example of it; nothing where none is known."""
    return next((lesson for names, lesson in _LESSONS.items() if name in names), ())
