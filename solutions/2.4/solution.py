def search(w_list, x_soat, y_baho):
    losses = []
    for w in w_list:
        total = 0.0
        for x, y in zip(x_soat, y_baho):
            total += (x * w - y) ** 2
        losses.append(total / len(x_soat))
    best = w_list[losses.index(min(losses))]
    return best, losses
