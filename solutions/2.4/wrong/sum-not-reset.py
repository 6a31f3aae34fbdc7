def search(w_list, x_soat, y_baho):
    losses = []
    l_sum = 0
    for w in w_list:
        for x, y in zip(x_soat, y_baho):
            l_sum += (w * x - y) ** 2
        losses.append(l_sum / len(x_soat))
    return w_list[losses.index(min(losses))], losses
