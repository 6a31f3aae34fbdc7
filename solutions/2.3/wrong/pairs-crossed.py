def mse(w, x_soat, y_baho):
    l_sum, n = 0, 0
    for x in x_soat:
        for y in y_baho:
            l_sum += (x * w - y) ** 2
            n += 1
    return l_sum / n
