def train(x, y):
    for epoch in range(1500):
        w, b = 0.0, 0.0
        s = x * w + b - y
        w, b = w - 0.01 * (2 * s * x).mean(), b - 0.01 * (2 * s).mean()
    return lambda x: x * w + b
