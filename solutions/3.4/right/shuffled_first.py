def sgd(w, x_soat, y_baho, order, rate):
    x_yangi = [x_soat[i] for i in order]
    y_yangi = [y_baho[i] for i in order]
    losses = []
    for x, y in zip(x_yangi, y_yangi):
        y_pred = w * x
        losses.append((y - y_pred) * (y - y_pred))
        w = w + rate * 2 * x * (y - y_pred)
    return (w, losses)
