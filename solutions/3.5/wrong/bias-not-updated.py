def train(x, y):
    w, b = 0.0, 1.0
    for _ in range(1500):
        s = x * w + b - y
        w = w - 0.01 * (2 * s * x).mean()
    return lambda x: x * w + b
