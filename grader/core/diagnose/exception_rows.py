"""What torch, NumPy and Python raise in a training: messages, the mistakes that they show, and what is said of them.

The messages are those of torch 2.13 and Python 3.11 to 3.13; the words that vary between versions are left out of the
patterns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.core.program.features.code_features import LineRole
from grader.core.report.finding import Finding, finding


@dataclass(frozen=True)
class Row:
    """A pattern of a message; `when` it means this, of the line's role and the backward calls before it."""

    pattern: str
    name: str
    hint: Finding
    when: Callable[[LineRole, int], bool] = lambda _role, _steps: True


_UPDATING = (LineRole.UPDATE, LineRole.ZEROING)

# In order: the first row that fits is told. `steps` are the backward calls that had succeeded by then,
# -1 where nobody recorded them.
ROWS: tuple[Row, ...] = (
    Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|item|detach|detach_|fill_)'",
        "leaf-rebound",
        finding("leaf-rebound-by-update"),
        lambda role, steps: role in _UPDATING and steps > 1,
    ),
    Row(
        r"AttributeError: 'NoneType' object has no attribute '(data|zero_|detach_|fill_)'",
        "leaf-rebound",
        finding("name-rebound-after-backward"),
        lambda role, steps: role is LineRole.ZEROING and steps == 1,
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
    ),
    Row(r"TypeError: unsupported operand type\(s\) for .*'NoneType'", "", finding("value-is-none")),
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
    ),
    Row(
        r"element 0 of tensors does not require grad",
        "",
        finding("nothing-leads-back-or-rebound"),
        lambda _role, steps: steps < 0,
    ),
    Row(r"element 0 of tensors does not require grad", "graph-cut", finding("nothing-leads-back-to-leaf")),
    Row(
        r"differentiated Tensors? (at index \d+ )?(appears to not have been used|does not require grad)",
        "graph-cut",
        finding("tensor-not-on-the-way"),
    ),
    Row(
        r"AttributeError: '(float|int|numpy.\w+|ndarray|list)' object has no attribute 'backward'",
        "item-too-early",
        finding("plain-number-has-no-backward"),
    ),
    Row(
        r"[Oo]nly Tensors of floating point (and complex )?dtype can require gradients",
        "integer-leaf",
        finding("whole-numbers-have-no-gradient"),
    ),
    Row(r"grad can be implicitly created only for scalar outputs", "vector-loss", finding("loss-of-several-numbers")),
    Row(r"'builtin_function_or_method'", "item-not-called", finding("method-without-parentheses")),
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
        r"shapes cannot be multiplied \(1x\d+ and 1x|size mismatch, got input \(\d+\), mat \(\d+x\d+\), vec \(1\)",
        "missing-batch-dimension",
        finding("input-lacks-a-dimension"),
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
    # Those of library calls: Python, NumPy, and torch's layers, losses and optimizers.
    Row(r"assigned grad expected to be a Tensor", "grad-not-a-tensor", finding("gradient-holds-a-tensor")),
    Row(r"attempting to assign a gradient of size", "", finding("gradient-of-other-shape")),
    Row(r"Variable data has to be a tensor", "", finding("data-holds-a-tensor")),
    Row(r"context manager protocol|AttributeError: __enter__", "never-called", finding("context-not-called")),
    Row(r"'(function|method)' object has no attribute", "", finding("function-not-called")),
    Row(r"can't optimize a non-leaf Tensor", "not-a-leaf", finding("not-a-leaf-here")),
    Row(r"optimizer got an empty parameter list", "", finding("optimizer-without-parameters")),
    Row(
        r"params argument given to the optimizer|optimizer can only optimize Tensors"
        r"|'(Linear|Sequential)' object is not iterable",
        "optimizer-wants-parameters",
        finding("optimizer-wants-parameters"),
    ),
    Row(r"Invalid learning rate", "", finding("rate-below-zero")),
    Row(r"before Module\.__init__\(\) call", "super-init-missing", finding("module-not-begun")),
    Row(r"missing the required .forward. function", "method-missing", finding("module-without-forward")),
    Row(r"Subclasses of Dataset should implement", "method-missing", finding("dataset-without-samples")),
    Row(r"missing 1 required positional argument: 'self'", "", finding("called-on-the-class")),
    Row(
        r"TypeError: \w+\.\w+\(\) takes \d+ positional arguments? but",
        "method-without-self",
        finding("method-without-self"),
    ),
    Row(r"cannot assign '.*' as parameter", "parameter-replaced", finding("parameter-stays-one")),
    Row(
        r"takes \d+ positional arguments? but|missing \d+ required|got multiple values for argument",
        "",
        finding("other-number-of-arguments"),
    ),
    Row(r"cannot unpack non-iterable", "", finding("one-value-for-several-names")),
    Row(r"only integer tensors of a single element can be converted to an index", "", finding("list-times-tensor")),
    Row(r"indices must be integers|only integers, slices", "", finding("index-not-whole")),
    Row(r"cannot be interpreted as an integer", "", finding("whole-number-needed")),
    Row(r"'tuple' object does not support item assignment", "", finding("tuple-stays-as-it-is")),
    Row(r"new\(\): (data must be a sequence|invalid data type)", "", finding("tensor-of-a-list")),
    Row(r"expected sequence of length", "", finding("rows-of-other-lengths")),
    Row(r"too many dimensions 'str'|Could not infer dtype of", "", finding("tensor-of-other-than-numbers")),
    Row(r"len\(\) of a 0-d tensor|object of type '(int|float)' has no len", "", finding("number-for-a-list")),
    Row(
        r"must be Tensor, not tuple"
        r"|'tuple' object has no attribute '(size|shape|view|reshape|transpose|permute|squeeze|mean|detach|dim)'",
        "result-not-unpacked",
        finding("several-results-in-one"),
    ),
    Row(r"must be Tensor, not|expected Tensor as element", "", finding("function-wants-a-tensor")),
    Row(r"AttributeError: '(float|int|numpy\.float\d+)' object has no attribute", "", finding("number-is-no-tensor")),
    Row(
        r"AttributeError: 'numpy\.ndarray' object has no attribute"
        r"|unsupported operand type\(s\) for .*'numpy\.ndarray' and 'Tensor'",
        "",
        finding("array-is-no-tensor"),
    ),
    Row(r"expected np\.ndarray \(got", "", finding("list-is-no-array")),
    Row(r"shape '\[.*\]' is invalid for input of size", "", finding("shape-of-other-size")),
    Row(
        r"stack expects each tensor|must have same number of dimensions|Sizes of tensors must match",
        "",
        finding("joined-of-other-shapes"),
    ),
    Row(r"Dimension out of range", "", finding("dimension-not-there")),
    Row(r"1D tensors expected|mismatch in its core dimension", "", finding("matrix-shapes-differ")),
    Row(r"operands could not be broadcast together", "", finding("shapes-differ")),
    Row(r"mean\(\): could not infer output dtype", "", finding("mean-of-whole-numbers")),
    Row(r"view size is not compatible", "view-not-contiguous", finding("view-of-scattered-numbers")),
    Row(r"can't be cast to the desired output type", "", finding("decimals-into-whole-numbers")),
    Row(r"hx should also be|Expected hidden", "state-shape", finding("state-of-other-shape")),
    Row(r"input\.size\(-1\) must be equal to input_size", "", finding("other-sizes-of-a-sequence")),
    Row(r"expected target dtype to be Long", "target-not-long", finding("classes-are-whole-numbers")),
    Row(
        r"multi-target not supported|0D or 1D target tensor expected",
        "target-shape",
        finding("one-class-for-each-sample"),
    ),
    Row(r"Expected input batch_size", "", finding("other-number-of-targets")),
    Row(
        r"Using a target size|Target size .* must be the same as input size",
        "target-shape",
        finding("target-of-other-shape"),
    ),
    Row(r"Mismatch in shape: grad_output", "", finding("backward-of-other-shape")),
    Row(r"to have one of the following scalar types: Long", "index-not-long", finding("looked-up-by-whole-numbers")),
    Row(r"index out of range in self", "", finding("index-past-the-end")),
    Row(r"to have \d+ channels, but got", "", finding("other-number-of-channels")),
    Row(
        r"running_mean should contain \d+ elements|Given normalized_shape",
        "layer-sizes",
        finding("layer-of-other-size"),
    ),
    Row(r"t\(\) expects a tensor with <= 2 dimensions", "", finding("batch-turned-round")),
    Row(r"default_collate: batch must contain tensors.*NoneType", "nothing-returned", finding("sample-is-none")),
    Row(r"Expected more than 1 value per channel", "", finding("batch-of-one")),
    Row(r"on the same device|is not on the expected device", "", finding("devices-differ")),
    Row(r"in loading state_dict", "", finding("state-of-another-model")),
    Row(r"support the deepcopy protocol", "", finding("copy-within-a-graph")),
    Row(r"Size mismatch between tensors", "", finding("rows-of-other-number")),
    Row(
        r"'(zip|map|generator|DataLoader|dict_\w+|set)' object is not subscriptable",
        "not-indexable",
        finding("no-places-to-index"),
    ),
    Row(r"'NoneType' object (is not|has no attribute)", "", finding("value-is-none")),
    Row(r"' not supported between instances of", "", finding("not-to-be-compared")),
    Row(r"AttributeError: '(dict|str|tuple|set)' object has no attribute", "", finding("other-kind-of-value")),
    Row(r"KeyError", "", finding("key-not-there")),
    Row(r"math (domain|range) error|OverflowError", "", finding("outside-the-domain")),
    Row(r"arg is an empty sequence|iterable argument is empty|StopIteration", "", finding("nothing-in-it")),
    Row(r"^AssertionError: $", "", finding("own-assert-failed")),
)
