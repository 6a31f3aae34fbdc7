def step(w, b, x_soat, y_baho, rate):
    n = len(x_soat)
    dw = sum(2 * x * (x * w + b - y) for x, y in zip(x_soat, y_baho)) / n
    db = sum(2 * (x * w + b - y) for x, y in zip(x_soat, y_baho)) / n
    return w - dw, b - db
