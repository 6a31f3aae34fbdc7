def search(w_list, x_soat, y_baho):
    losses = []
    for w in w_list:
        losses.append(sum((w * x - y) ** 2 for x, y in zip(x_soat, y_baho)))
    return w_list[losses.index(min(losses))], losses
