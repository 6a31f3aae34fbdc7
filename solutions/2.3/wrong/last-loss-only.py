def mse(w, x_soat, y_baho):
    for x, y in zip(x_soat, y_baho):
        l_sum = 0
        l_sum += (x * w - y) ** 2
    return l_sum / len(x_soat)
