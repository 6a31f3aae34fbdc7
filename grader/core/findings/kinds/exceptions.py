"""What exceptions of torch, NumPy and Python mean in a training."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "value-is-none": say(
        "One of the values is None. A gradient is None before the first backward(), and a function without "
        "return returns None."
    ),
    "method-without-parentheses": say(
        "A method is written here without its parentheses: this is the method itself, not its result. Write .item()."
    ),
    "method-itself": say(
        "A method or a function is written here without its parentheses: this is the method itself, not its result."
    ),
    "tensor-in-a-format": say(
        "A tensor with a dimension cannot be written in a format such as :.2f, even where it holds one number. Take "
        "the number out with .item()."
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
