def step(w, b, x_soat, y_baho, rate):
    dw = 0
    for x, y in zip(x_soat, y_baho):
        dw += 2 * x * (x * w + b - y)
    w = w - rate * dw / len(x_soat)
    return w, b
