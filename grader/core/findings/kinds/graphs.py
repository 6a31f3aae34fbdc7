"""What exceptions mean that come of the graph: leaves, gradients and backward()."""

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
    "gradient-set-to-none": say(
        "The gradient was set to None above this line, by .grad = None or zero_grad(), and no backward() has run "
        "since. Use the gradient before that, or set it to zero with .grad.zero_()."
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
    "numpy-keeps-no-graph": say(
        "NumPy does not keep the graph, so torch refuses to convert this tensor. To print it, use "
        ".detach().numpy(); to compute with it, stay in torch."
    ),
    "not-a-leaf-here": say(
        "This tensor is computed from another one, so it is not a leaf. Set requires_grad where the tensor is created."
    ),
    "gradient-holds-a-tensor": say(
        ".grad holds a tensor or None, never a plain number. Make the numbers in it zero, or assign None."
    ),
    "gradient-of-other-shape": say("A gradient has the shape of its tensor. Print both shapes."),
    "data-holds-a-tensor": say(
        ".data is a tensor and cannot become a plain number or a list: change the numbers in it."
    ),
    "backward-of-other-shape": say(
        "What backward(…) is given must have the shape of what it is called on; a loss of one number needs nothing."
    ),
    "copy-within-a-graph": say("A tensor that is part of a graph is copied with .detach().clone()."),
}
