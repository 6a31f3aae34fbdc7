def sgd(w, x_soat, y_baho, order, rate):
    losses = []
    for i, y in zip(order, y_baho):
        x = x_soat[i]
        losses.append((x * w - y) ** 2)
        w = w - rate * 2 * x * (x * w - y)
    return w, losses
