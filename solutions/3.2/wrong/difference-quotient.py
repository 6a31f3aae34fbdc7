def loss(w, b, x, y):
    return (x * w + b - y) ** 2


def gradient(w, b, x, y):
    h = 1e-3
    dw = (loss(w + h, b, x, y) - loss(w - h, b, x, y)) / (2 * h)
    db = (loss(w, b + h, x, y) - loss(w, b - h, x, y)) / (2 * h)
    return dw, db
