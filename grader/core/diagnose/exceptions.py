"""What torch and Python raise in a training, explained: what it means, what to do, and the mistake behind it.

The messages are those of torch 2.13; the words that vary between versions are left out of the patterns.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from grader.core.program.code_features import Role
from grader.core.run.observation import Raised
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class Explained:
    """What an exception means; `name` is the misconception that it shows by itself, "" where it shows none."""

    name: str
    hint: Message


@dataclass(frozen=True)
class _Row:
    pattern: str
    name: str
    hint: Message
    when: Callable[[Role, int], bool] = lambda _role, _steps: True


_UPDATING = (Role.UPDATE, Role.ZEROING)

# In order: the first row that fits is told. `steps` are the backward calls that had succeeded by then,
# -1 where nobody recorded them.
_ROWS = (
    _Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|item|detach|detach_|fill_)'",
        "leaf-rebound",
        say(
            "After the first update there is no gradient any more: w = w - … made a new tensor, which is no leaf, and "
            "backward() gives a .grad to leaves only. Change the value of the old w instead, inside torch.no_grad()."
        ),
        lambda role, steps: role in _UPDATING and steps > 1,
    ),
    _Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|detach_|fill_)'",
        "leaf-rebound",
        say(
            "The backward pass was made, and w has no gradient after it: by now the name w stands for a new tensor, "
            "which is no leaf. Change the value of the old w instead of binding the name anew."
        ),
        lambda role, steps: role is Role.ZEROING and steps == 1,
    ),
    _Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|detach_|fill_)'",
        "zeroed-before-backward",
        say(
            "There is no gradient yet: .grad is None until the first backward(). Set it to zero after the update, or "
            "look first whether it is there."
        ),
        lambda _role, steps: steps == 0,
    ),
    _Row(
        r"TypeError: unsupported operand type\(s\) for .*'NoneType'",
        "leaf-rebound",
        say(
            "w.grad is None here, though a backward pass was made: w was bound to a new tensor, which is no leaf. "
            "Change the value of the old w instead, inside torch.no_grad()."
        ),
        lambda role, steps: role is Role.UPDATE and steps > 1,
    ),
    _Row(
        r"TypeError: unsupported operand type\(s\) for .*'NoneType'",
        "",
        say(
            "One of the values is None. So is a gradient before the first backward(), and what a function "
            "without return gives."
        ),
    ),
    _Row(
        r"a (view of a )?leaf Variable that requires grad is being used in an in-place operation",
        "leaf-updated-in-place",
        say(
            "torch records everything that is done with w, also its update, and a recorded leaf must not be changed. "
            "Update it inside `with torch.no_grad():`."
        ),
    ),
    _Row(
        r"modified by an inplace operation",
        "saved-value-overwritten",
        say(
            "A value that the backward pass still needs was overwritten by an operation in place, such as += or a "
            "method that ends in _. Make a new tensor there."
        ),
    ),
    _Row(
        r"Trying to backward through the graph a second time",
        "backward-twice",
        say(
            "The graph of this loss has been walked already, and its values are gone. Each backward() needs a forward "
            "pass of its own: compute the loss anew in every step, and call backward() once."
        ),
    ),
    _Row(
        r"element 0 of tensors does not require grad",
        "leaf-rebound",
        say(
            "The first step went well, and now nothing leads back to w any more: it was bound to a new tensor without "
            "a gradient. Change the value of the old w, or give the new one requires_grad again."
        ),
        lambda _role, steps: steps > 0,
    ),
    _Row(
        r"element 0 of tensors does not require grad",
        "",
        say(
            "Nothing leads back from this value to a tensor that requires a gradient: is requires_grad=True missing, "
            "was the graph cut on the way, or was w bound to a new tensor by an update?"
        ),
        lambda _role, steps: steps < 0,
    ),
    _Row(
        r"element 0 of tensors does not require grad",
        "graph-cut",
        say(
            "Nothing leads back from this value to a tensor that requires a gradient. Is requires_grad=True missing, "
            "or did .item(), .data, .detach(), torch.tensor(…) or no_grad() cut the graph on the way?"
        ),
    ),
    _Row(
        r"differentiated Tensors? (at index \d+ )?(appears to not have been used|does not require grad)",
        "graph-cut",
        say(
            "The loss was not computed from this tensor, or the way to it is cut: there is no gradient between the two."
        ),
    ),
    _Row(
        r"AttributeError: '(float|int|numpy.\w+|ndarray|list)' object has no attribute 'backward'",
        "item-too-early",
        say(
            "This is a plain number, not a tensor: it has forgotten how it was computed, so there is no way back. "
            "Call .item() only to print, and backward() on the tensor itself."
        ),
    ),
    _Row(
        r"[Oo]nly Tensors of floating point (and complex )?dtype can require gradients",
        "integer-leaf",
        say("A tensor of whole numbers has no gradient. Write 1.0 instead of 1, or give dtype=torch.float32."),
    ),
    _Row(
        r"grad can be implicitly created only for scalar outputs",
        "vector-loss",
        say(
            "backward() starts at one number, and this loss has several. Take one sample at a time, or sum or average "
            "the losses first."
        ),
    ),
    _Row(
        r"'builtin_function_or_method'",
        "item-not-called",
        say("A method stands here without its parentheses: it is the method itself, not its result. Write .item()."),
    ),
    _Row(
        r"all elements of input should be between 0 and 1",
        "probabilities-expected",
        say("This loss wants probabilities. Put a sigmoid before it, or use the loss that takes raw scores."),
    ),
    _Row(
        r"Found dtype (Long|Int) but expected (Float|Double)",
        "integer-target",
        say("The targets are whole numbers, and this loss wants floating-point ones. Convert them with .float()."),
    ),
    _Row(
        r"must have the same dtype, but got (Long|Int)",
        "integer-input",
        say("The input holds whole numbers, and the weights floating-point ones. Convert the input with .float()."),
    ),
    _Row(
        r"shapes cannot be multiplied \(1x\d+ and 1x|size mismatch, got input \(\d+\), mat \(\d+x\d+\), vec \(1\)",
        "missing-batch-dimension",
        say("The input lacks a dimension: one row for each sample. Look at its shape; unsqueeze or view adds one."),
    ),
    _Row(
        r"shapes cannot be multiplied|size mismatch|inconsistent tensor size|both arguments to matmul|must be a matrix",
        "",
        say(
            "These two shapes do not fit: in a matrix product the columns of the first are the rows of the second. "
            "Print both shapes; is one of them the wrong way round (.t()), or are the two exchanged?"
        ),
    ),
    _Row(
        r"must match the size of tensor b",
        "",
        say("The two shapes do not fit each other element by element. Print both; is one of them the wrong way round?"),
    ),
    _Row(
        r"(expected scalar type|same dtype|Float but found Double|Double but found Float)",
        "",
        say("Two tensors of different number types meet here. Convert one of them, usually with .float()."),
    ),
    _Row(
        r"Can't call numpy\(\) on Tensor that requires grad",
        "",
        say("NumPy keeps no graph, so torch refuses. To print, use .detach().numpy(); to compute on, stay with torch."),
    ),
    _Row(
        r"(a Tensor with \d+ elements cannot be converted to Scalar|only one element tensors can be converted)",
        "",
        say("This tensor holds several numbers, and one is asked for. Take one of them, their sum or their mean."),
    ),
    _Row(
        r"iteration over a 0-d tensor",
        "",
        say("This is a single number, there is nothing in it to loop over. Loop over the data instead."),
    ),
    _Row(
        r"Boolean value of Tensor with more than one value is ambiguous",
        "",
        say("A condition needs one yes or no, and this tensor holds several numbers."),
    ),
    _Row(
        r"UnboundLocalError",
        "",
        say(
            "A function that gives a name a value makes it its own variable. Write `global` and the name at its top, "
            "or hand the value over as an argument."
        ),
    ),
    _Row(
        r"TypeError: (can't multiply sequence by non-int|unsupported operand type\(s\) for .*'list')",
        "",
        say("A whole list stands where one number belongs. Take its elements one after another."),
    ),
)


def explained(raised: Raised, role: Role, steps: int) -> Explained | None:
    """Return what an exception means, or None where nothing is known of it.

    Args:
        role: of the line that raised it.
        steps: backward calls that had succeeded before, -1 where they were not recorded.
    """
    said = f"{raised.type_name}: {raised.message}"
    for row in _ROWS:
        if re.search(row.pattern, said) and row.when(role, steps):
            return Explained(row.name, row.hint)
    return None


def kind_of(raised: Raised) -> str:
    """Return an exception without what varies: numbers, addresses, precisions, and which attribute None lacks."""
    said = f"{raised.type_name}: {raised.message}"
    said = re.sub(r"('NoneType' object has no attribute) '\w+'", r"\1", said)
    said = re.sub(r"\b(Float|Double|Half|BFloat16|b?float(16|32|64))\b", "Float", said)
    return re.sub(r"0x[0-9a-f]+|[-+]?\d+(\.\d+)?(e[-+]?\d+)?", "#", said)
