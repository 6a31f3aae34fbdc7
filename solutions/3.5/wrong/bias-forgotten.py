def train(x, y):
    w = 0.0
    for _ in range(1500):
        w = w - 0.01 * (2 * (x * w - y) * x).mean()
    return lambda x: x * w
