def mse(w, x_soat, y_baho):
    l_sum = 0
    for x, y in zip(x_soat, y_baho):
        l_sum += (x * w - y) ** 2
    return l_sum / 3
