def step(w, b, x_soat, y_baho, rate):
    for x, y in zip(x_soat, y_baho):
        s = x * w + b - y
        w = w - rate * 2 * s * x
        b = b - rate * 2 * s
    return w, b
