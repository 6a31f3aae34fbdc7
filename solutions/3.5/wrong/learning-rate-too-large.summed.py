def train(x, y):
    w, b = 0.0, 0.0
    for _ in range(1500):
        s = x * w + b - y
        w, b = w - 0.01 * (2 * s * x).sum(), b - 0.01 * (2 * s).sum()
    return lambda x: x * w + b
