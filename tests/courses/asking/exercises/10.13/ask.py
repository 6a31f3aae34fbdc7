def pieces(function, x, arriving):
    """What its own backward makes of what arrives, and what autograd calls the node of its output."""
    output = function.apply(x.clone().requires_grad_())
    return function.backward(output.grad_fn, arriving), type(output.grad_fn).__name__
