def mse(w, x_soat, y_baho):
    l_sum = 0
    for i in range(len(x_soat) - 1):
        l_sum += (x_soat[i] * w - y_baho[i]) ** 2
    return l_sum / len(x_soat)
