def sgd(w, x_soat, y_baho, order, rate):
    losses, grad = [], 0
    for i in order:
        s = x_soat[i] * w - y_baho[i]
        losses.append(s**2)
        grad += 2 * s * x_soat[i]
    return w - rate * grad / len(order), losses
