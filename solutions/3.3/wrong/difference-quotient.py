def loss(w, b, x_soat, y_baho):
    return sum((x * w + b - y) ** 2 for x, y in zip(x_soat, y_baho)) / len(x_soat)


def step(w, b, x_soat, y_baho, rate):
    h = 1e-3
    dw = (loss(w + h, b, x_soat, y_baho) - loss(w - h, b, x_soat, y_baho)) / (2 * h)
    db = (loss(w, b + h, x_soat, y_baho) - loss(w, b - h, x_soat, y_baho)) / (2 * h)
    return w - rate * dw, b - rate * db
