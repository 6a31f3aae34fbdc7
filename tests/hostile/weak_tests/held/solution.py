import numpy as np, torch
def relu(x): return np.maximum(x, 0)
def mysort(xs): return sorted(xs)
def double(xs): return [2 * x for x in xs]
def mean(xs): return np.mean(xs)
def total(xs): return np.sum(xs, axis=0)
def scale(x): return torch.tanh(x).sum()
class P:
    def __init__(self, x): self.x = x
    def __str__(self): return f"Point({self.x})"
def text(x): return P(x)
def chunks(xs, n): return [xs[i:i+n] for i in range(0, len(xs), n)]
def normalise(x): return (x - x.mean()) / (x.std() + 1e-9)
