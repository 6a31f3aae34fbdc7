def mse(w, xs, ys):
    return sum((w * x - y) ** 2 for x, y in zip(xs, ys)) / len(xs)


def search(w_list, x_soat, y_baho):
    losses = [mse(w, x_soat, y_baho) for w in w_list]
    return losses.index(min(losses)), losses
