def mse(w, xs, ys):
    return sum((w * x - y) ** 2 for x, y in zip(xs, ys)) / len(xs)


def search(w_list, x_soat, y_baho):
    losses = {w: mse(w, x_soat, y_baho) for w in w_list}
    return min(losses, key=losses.get), list(losses.values())
