def sgd(w, x_soat, y_baho, order, rate):
    losses = []
    for i in order:
        s = x_soat[i] * w - y_baho[i]
        losses.append(s**2)
        w = w - rate * 2 * s
    return w, losses
