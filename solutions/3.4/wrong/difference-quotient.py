def loss(w, x, y):
    return (x * w - y) ** 2


def sgd(w, x_soat, y_baho, order, rate):
    h = 1e-3
    losses = []
    for i in order:
        x, y = x_soat[i], y_baho[i]
        losses.append(loss(w, x, y))
        w = w - rate * (loss(w + h, x, y) - loss(w - h, x, y)) / (2 * h)
    return w, losses
