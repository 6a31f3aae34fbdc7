"""What a single operation passes back, and a graph in which the order decides."""


def after_one_operation(Value, p, q, arriving):
    operations = {
        "a + b": lambda a, b: a + b,
        "a * b": lambda a, b: a * b,
        "a - b": lambda a, b: a - b,
        "a ** 3": lambda a, b: a**3,
        "b.tanh()": lambda a, b: b.tanh(),
    }
    passed_back = {}
    for name, operation in operations.items():
        a, b = Value(p), Value(q)
        out = operation(a, b)
        out.grad = arriving
        out._backward()
        passed_back[name] = [float(a.grad), float(b.grad)]
    return passed_back


def through_a_shared_node(Value, p, q):
    a, b = Value(p), Value(q)
    shared = a * b
    left = shared.tanh()
    out = left * shared + (shared + left * a) ** 2
    out.backward()
    return {"a": a.grad, "b": b.grad, "shared": shared.grad, "out": out.grad}
