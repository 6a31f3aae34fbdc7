def step(w, b, x_soat, y_baho, rate):
    dw = db = 0
    for x, y in zip(x_soat, y_baho):
        s = x * w + b - y
        dw += 2 * s * x
        db += 2 * s
    n = len(x_soat)
    return w + rate * dw / n, b + rate * db / n
