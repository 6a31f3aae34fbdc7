"""What exceptions of library calls mean: of Python, of NumPy, and of torch's layers, losses and optimizers."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "gradient-holds-a-tensor": say(
        ".grad holds a tensor or None, never a plain number. Make the numbers in it zero, or assign None."
    ),
    "gradient-of-other-shape": say("A gradient has the shape of its tensor. Print both shapes."),
    "data-holds-a-tensor": say(
        ".data is a tensor and cannot become a plain number or a list: change the numbers in it."
    ),
    "context-not-called": say("The parentheses () after the name behind `with` are missing."),
    "optimizer-without-parameters": say(
        "The optimizer gets no parameters. Does the model keep its layers as self.…, or in nn.ModuleList?"
    ),
    "optimizer-wants-parameters": say(
        "An optimizer wants the parameters themselves: those of a model, or a list of tensors."
    ),
    "rate-below-zero": say("The learning rate must not be negative: the optimizer itself goes down the slope."),
    "module-not-begun": say(
        "A module must be set up before it gets layers: super().__init__() comes first in __init__."
    ),
    "module-without-forward": say("This module has no forward. Is it spelled so, and indented inside the class?"),
    "dataset-without-samples": say(
        "The dataset has no __getitem__. Is it spelled so, with two underscores at each end, and indented inside the "
        "class?"
    ),
    "sample-is-none": say("A sample of the dataset is None. Does __getitem__ have a return?"),
    "parameter-stays-one": say(
        "What was made a parameter must stay one, and here it gets a plain tensor. Is it to be trained at all? What is "
        "only kept is a buffer."
    ),
    "several-results-in-one": say(
        "This is a tuple: several results in one, as a recurrent layer gives them. Give each a name of its own first."
    ),
    "state-of-other-shape": say(
        "The first state of a recurrent layer has another shape: layers come first, then samples, then the numbers of "
        "the state. Print its shape, and that of the input."
    ),
    "batch-turned-round": say(
        ".t() turns a single matrix round, and this tensor has more dimensions. Which two of them are to be exchanged?"
    ),
    "called-on-the-class": say(
        "The method is called on the class, not on an object of it: make one first, with parentheses."
    ),
    "method-without-self": say(
        "The method gets one argument more than it has parameters. Is self its first parameter?"
    ),
    "other-number-of-arguments": say(
        "The function is called with more or fewer arguments than it has. Compare the call with the line "
        "that defines the function, or with its documentation."
    ),
    "one-value-for-several-names": say(
        "There is a single value here, but several names wait for one each. Print one element of what the "
        "loop goes over."
    ),
    "list-times-tensor": say(
        "A list cannot be multiplied by a tensor, nor indexed by one. Make a tensor of the list first, or "
        "take one element."
    ),
    "index-not-whole": say(
        "An index must be a whole number. Does the loop give you the elements themselves, and not their indices?"
    ),
    "whole-number-needed": say("A count must be a whole number: 3, not 3.0."),
    "tuple-stays-as-it-is": say("The elements of a tuple cannot be changed. Use a list, with square brackets."),
    "tensor-of-a-list": say(
        "torch.Tensor(…), with a capital T, wants a list of numbers; torch.tensor(…) takes a single number as well."
    ),
    "rows-of-other-lengths": say(
        "The rows of this list have different lengths, so they make no tensor. Print the length of each."
    ),
    "tensor-of-other-than-numbers": say(
        "A tensor holds numbers only, and here it is given something else, such as text or None. Print it."
    ),
    "function-wants-a-tensor": say(
        "This function works on tensors only. Make a tensor of the value first, with torch.tensor(…)."
    ),
    "number-is-no-tensor": say("This is a plain number, not a tensor, so it has nothing of that name."),
    "array-is-no-tensor": say("This is a NumPy array, not a tensor. torch.from_numpy(…) makes one of it."),
    "list-is-no-array": say("torch.from_numpy takes NumPy arrays; of a list, torch.tensor(…) makes a tensor."),
    "shape-of-other-size": say(
        "view and reshape keep every number: the sizes multiplied together must give the number of elements."
    ),
    "joined-of-other-shapes": say("Tensors that are put together need matching shapes. Print the shape of each."),
    "dimension-not-there": say("The tensor has no such dimension: they are counted from 0. Print its shape."),
    "mean-of-whole-numbers": say(
        "A mean is taken of floating-point numbers only, and these are whole. Convert them with .float()."
    ),
    "view-of-scattered-numbers": say(
        ".view() wants numbers that lie one after the other, and after .t(), .transpose() or .permute() they do not. "
        "Use .reshape(); and check that rows and columns are those that you mean."
    ),
    "decimals-into-whole-numbers": say(
        "Numbers with decimals are put into a tensor of whole numbers. Convert it with .float(); a loss wants that "
        "of its target, too."
    ),
    "other-sizes-of-a-sequence": say(
        "The layer expects another size of its input or its state. Print both shapes, and look at the order of "
        "samples and steps (batch_first) and at what the layer was made with."
    ),
    "classes-are-whole-numbers": say(
        "This loss expects class numbers as targets, so whole numbers: convert them with .long()."
    ),
    "one-class-for-each-sample": say(
        "This loss wants one class number for each sample, so targets of one dimension. Print their shape."
    ),
    "other-number-of-targets": say(
        "There are more or fewer targets than predictions. Print both shapes: the first sizes must agree."
    ),
    "target-of-other-shape": say(
        "Prediction and target need the same shape, and (N,) is another shape than (N, 1). Print both."
    ),
    "backward-of-other-shape": say(
        "What backward(…) is given must have the shape of what it is called on; a loss of one number needs nothing."
    ),
    "looked-up-by-whole-numbers": say("Rows are looked up by whole numbers here. Convert the input with .long()."),
    "other-number-of-channels": say(
        "The layer expects another number of channels: images have the shape (samples, channels, height, "
        "width). Print the shape."
    ),
    "batch-of-one": say(
        "Batch normalisation cannot train on a single sample: give it several at once, or call model.eval() first."
    ),
    "devices-differ": say(
        "Two tensors on different devices are combined here. Move them to the same one with .to(device)."
    ),
    "state-of-another-model": say(
        "The saved state belongs to a model with other layers, or with other names for them."
    ),
    "copy-within-a-graph": say("A tensor that is part of a graph is copied with .detach().clone()."),
    "rows-of-other-number": say("These tensors need the same number of rows: one for each sample. Print their shapes."),
    "no-places-to-index": say("This can be looped over but not indexed. list(…) makes a list of it."),
    "not-to-be-compared": say(
        "These two values are of different kinds and cannot be compared. Print the type of both."
    ),
    "other-kind-of-value": say(
        "This value has nothing of that name: it is of another type than you expect. Print its type."
    ),
    "key-not-there": say("There is no entry under this key. Print the keys."),
    "outside-the-domain": say(
        "The function is not defined for this number, or its result is too large. Print the number."
    ),
    "nothing-in-it": say("There is nothing in it: print how many elements it has."),
    "own-assert-failed": say("The condition after assert does not hold. Print both of its sides."),
}
