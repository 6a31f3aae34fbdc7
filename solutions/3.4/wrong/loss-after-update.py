def sgd(w, x_soat, y_baho, order, rate):
    losses = []
    for i in order:
        w = w - rate * 2 * x_soat[i] * (x_soat[i] * w - y_baho[i])
        losses.append((x_soat[i] * w - y_baho[i]) ** 2)
    return w, losses
