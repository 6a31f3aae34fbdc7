def step(w, b, x_soat, y_baho, rate):
    n = len(x_soat)
    dw = sum(x * (x * w + b - y) for x, y in zip(x_soat, y_baho)) / n
    db = sum((x * w + b - y) for x, y in zip(x_soat, y_baho)) / n
    return w - rate * dw, b - rate * db
