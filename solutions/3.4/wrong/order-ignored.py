def sgd(w, x_soat, y_baho, order, rate):
    losses = []
    for x, y in zip(x_soat, y_baho):
        s = x * w - y
        losses.append(s**2)
        w = w - rate * 2 * s * x
    return w, losses
