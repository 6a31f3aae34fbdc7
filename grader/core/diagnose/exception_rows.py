"""What torch, NumPy and Python raise in a training: messages, the mistakes that they show, and what is said of them.

The messages are those of torch 2.13 and Python 3.11 to 3.13; the words that vary between versions are left out of the
patterns.
"""

from __future__ import annotations

from grader.core.diagnose.exception_row import Row
from grader.core.diagnose.library_rows import LIBRARY_ROWS
from grader.core.program.features.code_features import LineRole
from grader.core.report.finding import finding

# In order: the first row that fits is told. `steps` are the backward calls that had succeeded by then,
# -1 where nobody recorded them.
ROWS: tuple[Row, ...] = (
    Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|item|detach|detach_|fill_)'"
        r"|format string passed to NoneType\.__format__",
        "leaf-rebound",
        finding("leaf-rebound-by-update"),
        lambda _role, steps: steps > 1,
        needs="gradient-of-rebound",
    ),
    Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|detach_|fill_)'",
        "leaf-rebound",
        finding("name-rebound-after-backward"),
        lambda role, steps: role is LineRole.ZEROING and steps == 1,
        needs="leaf-rebound",
    ),
    Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|detach_|fill_)'",
        "zeroed-before-backward",
        finding("no-gradient-yet"),
        lambda _role, steps: steps == 0,
    ),
    Row(
        r"unsupported operand type\(s\) for \^=?: '(float|list)'|bitwise_xor.{0,20} not implemented for",
        "caret-for-power",
        finding("caret-is-no-power"),
    ),
    Row(
        r"TypeError: unsupported operand type\(s\) for .*'NoneType'",
        "leaf-rebound",
        finding("gradient-none-after-update"),
        lambda role, steps: role is LineRole.UPDATE and steps > 1,
        needs="leaf-rebound",
    ),
    Row(
        r"'NoneType' object has no attribute|unsupported operand type\(s\) for .*'NoneType'|NoneType\.__format__",
        "",
        finding("gradient-set-to-none"),
        lambda _role, steps: steps != 0,
        needs="gradient-set-to-none",
    ),
    Row(
        r"TypeError: unsupported (operand type\(s\) for .*'NoneType'|format string passed to NoneType)",
        "",
        finding("value-is-none"),
    ),
    Row(
        r"a (view of a )?leaf Variable that requires grad is being used in an in-place operation",
        "leaf-updated-in-place",
        finding("leaf-changed-in-place"),
    ),
    Row(r"modified by an inplace operation", "saved-value-overwritten", finding("value-overwritten")),
    Row(r"Trying to backward through the graph a second time", "backward-twice", finding("graph-walked-already")),
    Row(
        r"element 0 of tensors does not require grad",
        "leaf-rebound",
        finding("nothing-leads-back-after-step"),
        lambda _role, steps: steps > 0,
        needs="leaf-rebound",
    ),
    Row(
        r"element 0 of tensors does not require grad",
        "",
        finding("nothing-leads-back-or-rebound"),
        lambda _role, steps: steps != 0,
    ),
    Row(r"element 0 of tensors does not require grad", "graph-cut", finding("nothing-leads-back-to-leaf")),
    Row(
        r"differentiated Tensors? (at index \d+ )?(appears to not have been used|does not require grad)",
        "graph-cut",
        finding("tensor-not-on-the-way"),
    ),
    Row(
        r"AttributeError: '(float|int|numpy.\w+|ndarray)' object has no attribute 'backward'",
        "item-too-early",
        finding("plain-number-has-no-backward"),
    ),
    Row(
        r"[Oo]nly Tensors of floating point (and complex )?dtype can require gradients",
        "integer-leaf",
        finding("whole-numbers-have-no-gradient"),
    ),
    Row(r"grad can be implicitly created only for scalar outputs", "vector-loss", finding("loss-of-several-numbers")),
    Row(
        r"'builtin_function_or_method'|to builtin_function_or_method\.",
        "item-not-called",
        finding("method-without-parentheses"),
        needs="item-not-called",
    ),
    Row(r"'builtin_function_or_method'|to builtin_function_or_method\.", "never-called", finding("method-itself")),
    Row(r"unsupported format string passed to Tensor\.__format__", "", finding("tensor-in-a-format")),
    Row(
        r"all elements of input should be between 0 and 1",
        "probabilities-expected",
        finding("loss-wants-probabilities"),
    ),
    Row(
        r"Found dtype (Long|Int) but expected (Float|Double)", "target-not-float", finding("targets-are-whole-numbers")
    ),
    Row(
        r"input dtype \(torch\.int\d+\) does not match weight dtype", "integer-input", finding("numbers-of-letters-in")
    ),
    Row(r"must have the same dtype, but got (Long|Int)", "integer-input", finding("input-is-whole-numbers")),
    Row(
        r"shapes cannot be multiplied \(1x\d+ and 1x",
        "missing-batch-dimension",
        finding("input-lacks-a-dimension"),
        needs="missing-batch-dimension",
    ),
    Row(
        r"shapes cannot be multiplied|size mismatch|inconsistent tensor size|both arguments to matmul|must be a matrix"
        r"|not aligned|dimensions of batch2 tensor",
        "",
        finding("matrix-shapes-differ"),
    ),
    Row(r"must match the size of tensor b", "", finding("shapes-differ")),
    Row(
        r"type.{0,30}\b(Float( and | but found | but expected )Double|Double( and | but found | but expected )Float)\b"
        r"|dtype \(torch\.float\d+\) does not match weight dtype|got: (float != double|double != float)",
        "double-precision",
        finding("float64-beside-float32"),
    ),
    Row(
        r"(expected scalar type|same dtype|Float but found Double|Double but found Float)",
        "",
        finding("number-types-differ"),
    ),
    Row(r"Can't call numpy\(\) on Tensor that requires grad", "numpy-in-graph", finding("numpy-keeps-no-graph")),
    Row(
        r"(a Tensor with \d+ elements cannot be converted to Scalar|only one element tensors can be converted)",
        "",
        finding("several-numbers-for-one"),
    ),
    Row(r"iteration over a 0-d tensor", "", finding("nothing-to-loop-over")),
    Row(r"Boolean value of Tensor with more than one value is ambiguous", "", finding("condition-of-several-numbers")),
    Row(r"UnboundLocalError", "", finding("name-is-local")),
    Row(
        r"TypeError: (can't multiply sequence by non-int|unsupported operand type\(s\) for .*'list')",
        "",
        finding("list-for-a-number"),
    ),
    Row(r"got an unexpected keyword argument", "keyword-misspelt", finding("keyword-not-known")),
    Row(
        r"TypeError: '(float|int|bool|Tensor|list|tuple|dict|str|NoneType|ndarray)' object is not callable",
        "",
        finding("value-is-called"),
    ),
    Row(
        r"TypeError: '(function|method)' object is not (subscriptable|iterable)"
        r"|TypeError: unsupported operand type\(s\) for .*'(function|method)'",
        "never-called",
        finding("function-not-called"),
    ),
    Row(r"TypeError: '(float|int)' object is not (subscriptable|iterable)", "", finding("number-for-a-list")),
    Row(r"invalid index of a 0-dim tensor|slice\(\) cannot be applied to a 0-dim", "", finding("number-for-a-list")),
    Row(r"IndexError: Target -?\d+ is out of bounds", "class-without-column", finding("class-without-column")),
    Row(r"IndexError: (list|tuple|string) index out of range|is out of bounds", "", finding("index-past-the-end")),
    Row(r"(too many|not enough) values to unpack", "", finding("other-number-of-names")),
    Row(
        r"TypeError: (can only concatenate str|unsupported operand type\(s\) for .*'str'|must be str)",
        "",
        finding("text-for-a-number"),
    ),
    Row(r"could not convert string to float|invalid literal for int", "", finding("text-for-a-number")),
    Row(r"NameError: name '\w+' is not defined", "", finding("name-without-value")),
    Row(r"you can only change requires_grad flags of leaf variables", "not-a-leaf", finding("not-a-leaf-here")),
    Row(r"ZeroDivisionError", "", finding("divided-by-zero")),
    Row(r"RecursionError", "", finding("calls-itself")),
    Row(r"AttributeError: module '\w[\w.]*' has no attribute", "", finding("not-in-the-module")),
    Row(r"AttributeError: 'list' object has no attribute", "", finding("list-is-no-tensor")),
    Row(r"AttributeError: 'Tensor' object has no attribute", "", finding("tensor-has-no-such")),
    Row(r"AttributeError: 'NoneType' object has no attribute", "", finding("value-is-none")),
    Row(r"AttributeError: '[A-Z]\w*' object has no attribute", "", finding("object-has-no-such")),
    *LIBRARY_ROWS,
)
