"""What torch and Python raise in a training, explained: what it means, what to do, and the mistake behind it.

The messages are those of torch 2.13; the words that vary between versions are left out of the patterns.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from grader.core.program.features.code_features import LineRole
from grader.core.report.finding import Finding, finding
from grader.core.run.observation import Raised


@dataclass(frozen=True)
class Explained:
    """What an exception means; `name` is the misconception that it shows by itself, "" where it shows none."""

    name: str
    hint: Finding


@dataclass(frozen=True)
class _Row:
    pattern: str
    name: str
    hint: Finding
    when: Callable[[LineRole, int], bool] = lambda _role, _steps: True


_UPDATING = (LineRole.UPDATE, LineRole.ZEROING)

# In order: the first row that fits is told. `steps` are the backward calls that had succeeded by then,
# -1 where nobody recorded them.
_ROWS = (
    _Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|item|detach|detach_|fill_)'",
        "leaf-rebound",
        finding("leaf-rebound-by-update"),
        lambda role, steps: role in _UPDATING and steps > 1,
    ),
    _Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|detach_|fill_)'",
        "leaf-rebound",
        finding("name-rebound-after-backward"),
        lambda role, steps: role is LineRole.ZEROING and steps == 1,
    ),
    _Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|detach_|fill_)'",
        "zeroed-before-backward",
        finding("no-gradient-yet"),
        lambda _role, steps: steps == 0,
    ),
    _Row(
        r"unsupported operand type\(s\) for \^=?: '(float|list)'|bitwise_xor.{0,20} not implemented for",
        "caret-for-power",
        finding("caret-is-no-power"),
    ),
    _Row(
        r"TypeError: unsupported operand type\(s\) for .*'NoneType'",
        "leaf-rebound",
        finding("gradient-none-after-update"),
        lambda role, steps: role is LineRole.UPDATE and steps > 1,
    ),
    _Row(
        r"TypeError: unsupported operand type\(s\) for .*'NoneType'",
        "",
        finding("value-is-none"),
    ),
    _Row(
        r"a (view of a )?leaf Variable that requires grad is being used in an in-place operation",
        "leaf-updated-in-place",
        finding("leaf-changed-in-place"),
    ),
    _Row(
        r"modified by an inplace operation",
        "saved-value-overwritten",
        finding("value-overwritten"),
    ),
    _Row(
        r"Trying to backward through the graph a second time",
        "backward-twice",
        finding("graph-walked-already"),
    ),
    _Row(
        r"element 0 of tensors does not require grad",
        "leaf-rebound",
        finding("nothing-leads-back-after-step"),
        lambda _role, steps: steps > 0,
    ),
    _Row(
        r"element 0 of tensors does not require grad",
        "",
        finding("nothing-leads-back-or-rebound"),
        lambda _role, steps: steps < 0,
    ),
    _Row(
        r"element 0 of tensors does not require grad",
        "graph-cut",
        finding("nothing-leads-back-to-leaf"),
    ),
    _Row(
        r"differentiated Tensors? (at index \d+ )?(appears to not have been used|does not require grad)",
        "graph-cut",
        finding("tensor-not-on-the-way"),
    ),
    _Row(
        r"AttributeError: '(float|int|numpy.\w+|ndarray|list)' object has no attribute 'backward'",
        "item-too-early",
        finding("plain-number-has-no-backward"),
    ),
    _Row(
        r"[Oo]nly Tensors of floating point (and complex )?dtype can require gradients",
        "integer-leaf",
        finding("whole-numbers-have-no-gradient"),
    ),
    _Row(
        r"grad can be implicitly created only for scalar outputs",
        "vector-loss",
        finding("loss-of-several-numbers"),
    ),
    _Row(
        r"'builtin_function_or_method'",
        "item-not-called",
        finding("method-without-parentheses"),
    ),
    _Row(
        r"all elements of input should be between 0 and 1",
        "probabilities-expected",
        finding("loss-wants-probabilities"),
    ),
    _Row(
        r"Found dtype (Long|Int) but expected (Float|Double)",
        "integer-target",
        finding("targets-are-whole-numbers"),
    ),
    _Row(
        r"must have the same dtype, but got (Long|Int)",
        "integer-input",
        finding("input-is-whole-numbers"),
    ),
    _Row(
        r"shapes cannot be multiplied \(1x\d+ and 1x|size mismatch, got input \(\d+\), mat \(\d+x\d+\), vec \(1\)",
        "missing-batch-dimension",
        finding("input-lacks-a-dimension"),
    ),
    _Row(
        r"shapes cannot be multiplied|size mismatch|inconsistent tensor size|both arguments to matmul|must be a matrix",
        "",
        finding("matrix-shapes-differ"),
    ),
    _Row(
        r"must match the size of tensor b",
        "",
        finding("shapes-differ"),
    ),
    _Row(
        r"(expected scalar type|same dtype|Float but found Double|Double but found Float)",
        "",
        finding("number-types-differ"),
    ),
    _Row(
        r"Can't call numpy\(\) on Tensor that requires grad",
        "",
        finding("numpy-keeps-no-graph"),
    ),
    _Row(
        r"(a Tensor with \d+ elements cannot be converted to Scalar|only one element tensors can be converted)",
        "",
        finding("several-numbers-for-one"),
    ),
    _Row(
        r"iteration over a 0-d tensor",
        "",
        finding("nothing-to-loop-over"),
    ),
    _Row(
        r"Boolean value of Tensor with more than one value is ambiguous",
        "",
        finding("condition-of-several-numbers"),
    ),
    _Row(
        r"UnboundLocalError",
        "",
        finding("name-is-local"),
    ),
    _Row(
        r"TypeError: (can't multiply sequence by non-int|unsupported operand type\(s\) for .*'list')",
        "",
        finding("list-for-a-number"),
    ),
    _Row(r"got an unexpected keyword argument", "keyword-misspelt", finding("keyword-not-known")),
    _Row(r"TypeError: '(float|int|Tensor|list|str|NoneType)' object is not callable", "", finding("value-is-called")),
    _Row(r"TypeError: '(function|method)' object is not (subscriptable|iterable)", "", finding("function-not-called")),
    _Row(r"TypeError: unsupported operand type\(s\) for .*'(function|method)'", "", finding("function-not-called")),
    _Row(r"TypeError: '(float|int)' object is not (subscriptable|iterable)", "", finding("number-for-a-list")),
    _Row(r"invalid index of a 0-dim tensor|slice\(\) cannot be applied to a 0-dim", "", finding("number-for-a-list")),
    _Row(r"IndexError: Target -?\d+ is out of bounds", "", finding("class-without-column")),
    _Row(r"IndexError: (list|tuple|string) index out of range|is out of bounds", "", finding("index-past-the-end")),
    _Row(r"(too many|not enough) values to unpack", "", finding("other-number-of-names")),
    _Row(
        r"TypeError: (can only concatenate str|unsupported operand type\(s\) for .*'str'|must be str)",
        "",
        finding("text-for-a-number"),
    ),
    _Row(r"could not convert string to float|invalid literal for int", "", finding("text-for-a-number")),
    _Row(r"NameError: name '\w+' is not defined", "", finding("name-without-value")),
    _Row(r"you can only change requires_grad flags of leaf variables", "not-a-leaf", finding("not-a-leaf-here")),
    _Row(r"ZeroDivisionError", "", finding("divided-by-zero")),
    _Row(r"RecursionError", "", finding("calls-itself")),
    _Row(r"AttributeError: module '\w[\w.]*' has no attribute", "", finding("not-in-the-module")),
    _Row(r"AttributeError: 'list' object has no attribute", "", finding("list-is-no-tensor")),
    _Row(r"AttributeError: 'Tensor' object has no attribute", "", finding("tensor-has-no-such")),
    _Row(r"AttributeError: '[A-Z]\w*' object has no attribute", "", finding("object-has-no-such")),
)


def explained(raised: Raised, role: LineRole, steps: int) -> Explained | None:
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
