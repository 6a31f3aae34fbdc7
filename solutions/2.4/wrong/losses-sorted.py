def mse(w, xs, ys):
    return sum((w * x - y) ** 2 for x, y in zip(xs, ys)) / len(xs)


def search(w_list, x_soat, y_baho):
    found = sorted((mse(w, x_soat, y_baho), w) for w in w_list)
    return found[0][1], [loss for loss, w in found]
