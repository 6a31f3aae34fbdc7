"""What exceptions of torch and Python mean in a training."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "leaf-rebound-by-update": say(
        "After the first update there is no gradient any more: w = w - … made a new tensor, which is no "
        "leaf, and backward() gives a .grad to leaves only. Change the value of the old w instead, inside "
        "torch.no_grad()."
    ),
    "name-rebound-after-backward": say(
        "The backward pass was made, and w has no gradient after it: by now the name w stands for a new "
        "tensor, which is no leaf. Change the value of the old w instead of binding the name anew."
    ),
    "no-gradient-yet": say(
        "There is no gradient yet: .grad is None until the first backward(). Set it to zero after the "
        "update, or look first whether it is there."
    ),
    "gradient-none-after-update": say(
        "w.grad is None here, though a backward pass was made: w was bound to a new tensor, which is no "
        "leaf. Change the value of the old w instead, inside torch.no_grad()."
    ),
    "value-is-none": say(
        "One of the values is None. So is a gradient before the first backward(), and what a function "
        "without return gives."
    ),
    "leaf-changed-in-place": say(
        "torch records everything that is done with w, also its update, and a recorded leaf must not be "
        "changed. Update it inside `with torch.no_grad():`."
    ),
    "value-overwritten": say(
        "A value that the backward pass still needs was overwritten by an operation in place, such as += "
        "or a method that ends in _. Make a new tensor there."
    ),
    "graph-walked-already": say(
        "The graph of this loss has been walked already, and its values are gone. Each backward() needs a "
        "forward pass of its own: compute the loss anew in every step, and call backward() once."
    ),
    "nothing-leads-back-after-step": say(
        "The first step went well, and now nothing leads back to w any more: it was bound to a new tensor "
        "without a gradient. Change the value of the old w, or give the new one requires_grad again."
    ),
    "nothing-leads-back-or-rebound": say(
        "Nothing leads back from this value to a tensor that requires a gradient: is requires_grad=True "
        "missing, was the graph cut on the way, or was w bound to a new tensor by an update?"
    ),
    "nothing-leads-back-to-leaf": say(
        "Nothing leads back from this value to a tensor that requires a gradient. Is requires_grad=True "
        "missing, or did .item(), .data, .detach(), torch.tensor(…) or no_grad() cut the graph on the way?"
    ),
    "tensor-not-on-the-way": say(
        "The loss was not computed from this tensor, or the way to it is cut: there is no gradient between the two."
    ),
    "plain-number-has-no-backward": say(
        "This is a plain number, not a tensor: it has forgotten how it was computed, so there is no way "
        "back. Call .item() only to print, and backward() on the tensor itself."
    ),
    "whole-numbers-have-no-gradient": say(
        "A tensor of whole numbers has no gradient. Write 1.0 instead of 1, or give dtype=torch.float32."
    ),
    "loss-of-several-numbers": say(
        "backward() starts at one number, and this loss has several. Take one sample at a time, or sum or "
        "average the losses first."
    ),
    "method-without-parentheses": say(
        "A method stands here without its parentheses: it is the method itself, not its result. Write .item()."
    ),
    "loss-wants-probabilities": say(
        "This loss wants probabilities. Put a sigmoid before it, or use the loss that takes raw scores."
    ),
    "targets-are-whole-numbers": say(
        "The targets are whole numbers, and this loss wants floating-point ones. Convert them with .float()."
    ),
    "input-is-whole-numbers": say(
        "The input holds whole numbers, and the weights floating-point ones. Convert the input with .float()."
    ),
    "input-lacks-a-dimension": say(
        "The input lacks a dimension: one row for each sample. Look at its shape; unsqueeze or view adds one."
    ),
    "matrix-shapes-differ": say(
        "These two shapes do not fit: in a matrix product the columns of the first are the rows of the "
        "second. Print both shapes; is one of them the wrong way round (.t()), or are the two exchanged?"
    ),
    "shapes-differ": say(
        "The two shapes do not fit each other element by element. Print both; is one of them the wrong way round?"
    ),
    "number-types-differ": say(
        "Two tensors of different number types meet here. Convert one of them, usually with .float()."
    ),
    "numpy-keeps-no-graph": say(
        "NumPy keeps no graph, so torch refuses. To print, use .detach().numpy(); to compute on, stay with torch."
    ),
    "several-numbers-for-one": say(
        "This tensor holds several numbers, and one is asked for. Take one of them, their sum or their mean."
    ),
    "nothing-to-loop-over": say(
        "This is a single number, there is nothing in it to loop over. Loop over the data instead."
    ),
    "condition-of-several-numbers": say("A condition needs one yes or no, and this tensor holds several numbers."),
    "name-is-local": say(
        "A function that gives a name a value makes it its own variable. Write `global` and the name at "
        "its top, or hand the value over as an argument."
    ),
    "list-for-a-number": say("A whole list stands where one number belongs. Take its elements one after another."),
}
