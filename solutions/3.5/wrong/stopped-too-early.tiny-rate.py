def train(x, y):
    w, b = 0.0, 0.0
    for epoch in range(1000):
        s = x * w + b - y
        w, b = w - 0.0001 * (2 * s * x).mean(), b - 0.0001 * (2 * s).mean()
    return lambda x: x * w + b
