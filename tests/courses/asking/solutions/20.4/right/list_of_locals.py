import math


class Value:
    def __init__(self, data, edges=()):
        self.data = data
        self.grad = 0
        self.edges = edges

    def _backward(self):
        for node, local in self.edges:
            node.grad += local * self.grad

    def __add__(self, other):
        other = lift(other)
        return Value(self.data + other.data, [(self, 1), (other, 1)])

    def __sub__(self, other):
        other = lift(other)
        return Value(self.data - other.data, [(self, 1), (other, -1)])

    def __mul__(self, other):
        other = lift(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def __radd__(self, other):
        return lift(other) + self

    def __rsub__(self, other):
        return lift(other) - self

    def __rmul__(self, other):
        return lift(other) * self

    def __pow__(self, k):
        return Value(self.data ** k, [(self, k * self.data ** (k - 1))])

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, [(self, 1 - t * t)])

    def backward(self):
        # Kahn's order: a node is ready when all that use it are done
        uses, todo = {}, [self]
        while todo:
            node = todo.pop()
            for parent, _ in node.edges:
                if parent not in uses:
                    todo.append(parent)
                uses[parent] = uses.get(parent, 0) + 1
        self.grad = 1
        todo = [self]
        while todo:
            node = todo.pop()
            node._backward()
            for parent, _ in node.edges:
                uses[parent] -= 1
                if uses[parent] == 0:
                    todo.append(parent)


def lift(v):
    return v if isinstance(v, Value) else Value(v)
