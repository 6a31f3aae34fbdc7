"""What exceptions of torch and Python mean in a training."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "leaf-rebound-by-update": say(
        "After the first update there is no gradient any more: w = w - … made a new tensor, which is not a "
        "leaf, and backward() sets .grad on leaves only. Change the value of the old w instead, inside "
        "torch.no_grad()."
    ),
    "name-rebound-after-backward": say(
        "The backward pass has run, but w still has no gradient: the name w now refers to a new tensor, "
        "which is not a leaf. Change the value of the old w instead of assigning a new tensor to the name."
    ),
    "no-gradient-yet": say(
        "There is no gradient yet: .grad is None until the first backward(). Set it to zero after the "
        "update, or check first that it is not None."
    ),
    "gradient-none-after-update": say(
        "w.grad is None here, although a backward pass has run: a new tensor, which is not a leaf, was "
        "assigned to w. Change the value of the old w instead, inside torch.no_grad()."
    ),
    "value-is-none": say(
        "One of the values is None. A gradient is None before the first backward(), and a function without "
        "return returns None."
    ),
    "leaf-changed-in-place": say(
        "torch records everything that is done with w, including its update, and a recorded leaf must not be "
        "changed in place. Update it inside `with torch.no_grad():`."
    ),
    "value-overwritten": say(
        "A value that the backward pass still needs was overwritten by an in-place operation, such as += or "
        "a method whose name ends in _. Create a new tensor there."
    ),
    "graph-walked-already": say(
        "backward() has already been called on the graph of this loss, and the stored values are gone. Each "
        "backward() needs its own forward pass: compute the loss again in every step, and call backward() "
        "once."
    ),
    "nothing-leads-back-after-step": say(
        "The first step worked, but now nothing leads back to w: a new tensor without a gradient was "
        "assigned to it. Change the value of the old w, or set requires_grad on the new one."
    ),
    "nothing-leads-back-or-rebound": say(
        "Nothing leads back from this value to a tensor that requires a gradient: is requires_grad=True "
        "missing, was the graph cut on the way, or did an update assign a new tensor to w?"
    ),
    "nothing-leads-back-to-leaf": say(
        "Nothing leads back from this value to a tensor that requires a gradient. Is requires_grad=True "
        "missing, or did .item(), .data, .detach(), torch.tensor(…) or no_grad() cut the graph on the way?"
    ),
    "tensor-not-on-the-way": say(
        "The loss was not computed from this tensor, or the graph between them is cut: no gradient can be computed."
    ),
    "plain-number-has-no-backward": say(
        "This is a plain number, not a tensor: it does not know how it was computed, so there is no way "
        "back. Call .item() only to print, and backward() on the tensor itself."
    ),
    "whole-numbers-have-no-gradient": say(
        "A tensor of whole numbers cannot have a gradient. Write 1.0 instead of 1, or pass dtype=torch.float32."
    ),
    "loss-of-several-numbers": say(
        "backward() starts from a single number, and this loss holds several. Take one sample at a time, or "
        "sum or average the losses first."
    ),
    "method-without-parentheses": say(
        "A method is written here without its parentheses: this is the method itself, not its result. Write .item()."
    ),
    "loss-wants-probabilities": say(
        "This loss expects probabilities. Apply a sigmoid first, or use the loss that takes raw scores (logits)."
    ),
    "targets-are-whole-numbers": say(
        "The targets are whole numbers, but this loss expects floating-point numbers. Convert them with .float()."
    ),
    "input-is-whole-numbers": say(
        "The input holds whole numbers, but the weights are floating-point numbers. Convert the input with .float()."
    ),
    "numbers-of-letters-in": say(
        "The layer is given whole numbers, such as those of letters or words. It works on vectors: each of them has to "
        "become one first."
    ),
    "float64-beside-float32": say(
        "One tensor is float64, as NumPy makes them, and the other float32, as torch makes them: they do not combine. "
        "Convert the input with .float()."
    ),
    "layer-turned-round": say(
        "The layer would fit if its two sizes were exchanged. Which comes first, that of its input or of its output?"
    ),
    "layer-of-other-size": say(
        "The layer is made for another number of inputs than it is given. Print the shape of what goes into it."
    ),
    "fits-when-transposed": say(
        "{where}: {name} times {found} is no matrix product, but it would be one if one of the two were transposed. "
        "Which one, for the result to have the shape that is asked for?"
    ),
    "input-lacks-a-dimension": say(
        "The input lacks a dimension: it needs one row for each sample. Print its shape; unsqueeze or view "
        "adds a dimension."
    ),
    "matrix-shapes-differ": say(
        "These two shapes do not match: in a matrix product, the first must have as many columns as the "
        "second has rows. Print both shapes: should one matrix be transposed (.t()), or are the two swapped?"
    ),
    "shapes-differ": say(
        "The two shapes do not match element by element. Print both: should one of them be transposed?"
    ),
    "number-types-differ": say(
        "Two tensors with different number types are combined here. Convert one of them, usually with .float()."
    ),
    "numpy-keeps-no-graph": say(
        "NumPy does not keep the graph, so torch refuses to convert this tensor. To print it, use "
        ".detach().numpy(); to compute with it, stay in torch."
    ),
    "several-numbers-for-one": say(
        "This tensor holds several numbers, but a single one is needed here. Take one of them, their sum or their mean."
    ),
    "nothing-to-loop-over": say("This is a single number, so it cannot be looped over. Loop over the data instead."),
    "condition-of-several-numbers": say("A condition needs a single yes or no, but this tensor holds several numbers."),
    "name-is-local": say(
        "A name that is assigned in a function is a local variable of that function. Write `global` and the "
        "name at the top of the function, or pass the value as an argument."
    ),
    "list-for-a-number": say(
        "This is a whole list, but a single number is needed here. Take its elements one at a time."
    ),
    "keyword-not-known": say(
        "The function has no argument of that name. Compare it letter by letter with the one you mean, such as "
        "requires_grad."
    ),
    "value-is-called": say(
        "Parentheses () after a name call it, but here the name holds a value. Is an operator missing before the "
        "parenthesis, or has the name of a function been given to a value?"
    ),
    "function-not-called": say(
        "This is the function itself, not its result: the parentheses () after its name are missing."
    ),
    "number-for-a-list": say("This is a single number, but it is used as a list: it has no elements to take."),
    "caret-is-no-power": say(
        "In Python ^ is not a power but an operation on bits. Powers are written with a different operator."
    ),
    "class-without-column": say(
        "This loss needs one column of logits for each class, and class numbers counted from 0: here a class number "
        "has no column. Print the shape of the prediction and the largest class number."
    ),
    "index-past-the-end": say("There is no element with this index: the first one has index 0, the last one len − 1."),
    "other-number-of-names": say(
        "There are more or fewer values here than names before =, or after for. Print one of the values."
    ),
    "text-for-a-number": say("This is text, not a number. Remove the quotes, or convert it with float()."),
    "name-without-value": say(
        "This name has no value yet. Is it spelled as it was where it got its value, and does that line come first?"
    ),
    "not-a-leaf-here": say(
        "This tensor is computed from another one, so it is not a leaf. Set requires_grad where the tensor is created."
    ),
    "divided-by-zero": say("Something is divided by zero here. Print the divisor."),
    "calls-itself": say("A function calls itself again and again. Should it call another one here?"),
    "not-in-the-module": say("The module has nothing of that name. Compare the spelling, also of capital letters."),
    "list-is-no-tensor": say("This is a Python list, not a tensor. Make a tensor of it with torch.tensor(…)."),
    "object-has-no-such": say(
        "This object has nothing of that name. If it is of a class of yours: is it kept in __init__ as self.…, and "
        "spelled the same way here?"
    ),
    "tensor-has-no-such": say(
        "A tensor has no property of that name. Compare the spelling; the gradient is .grad, the function .backward()."
    ),
}
