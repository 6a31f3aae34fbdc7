def train(x, y):
    w, b = 0.0, 0.0
    rate = 0.01
    for _ in range(1500):
        s = x * w + b - y
        w, b = w - rate * (2 * s * x).mean(), b - rate * (2 * s).mean()
    return lambda x: x * w + b
