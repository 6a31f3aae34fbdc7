def search(w_list, x_soat, y_baho):
    best, best_loss, losses = None, 0, []
    for w in w_list:
        total = 0
        for x, y in zip(x_soat, y_baho):
            total += (w * x - y) ** 2
        losses.append(total / len(x_soat))
        if losses[-1] > best_loss:
            best, best_loss = w, losses[-1]
    return best, losses
