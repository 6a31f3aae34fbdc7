"""What calls of libraries raise: Python, NumPy, and torch's layers, losses and optimizers."""

from __future__ import annotations

from grader.core.diagnose.exception_row import Row
from grader.core.report.finding import finding

# After those of `exception_rows`; in order.
LIBRARY_ROWS: tuple[Row, ...] = (
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
        needs="method-without-self",
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
