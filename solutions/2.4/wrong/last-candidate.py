def search(w_list, x_soat, y_baho):
    losses = []
    for w in w_list:
        total = 0
        for x, y in zip(x_soat, y_baho):
            total += (w * x - y) ** 2
        losses.append(total / len(x_soat))
    return w, losses
