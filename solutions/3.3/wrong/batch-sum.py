def step(w, b, x_soat, y_baho, rate):
    dw = db = 0
    for x, y in zip(x_soat, y_baho):
        s = x * w + b - y
        dw += 2 * s * x
        db += 2 * s
    return w - rate * dw, b - rate * db
