def step(w, b, x_soat, y_baho, rate):
    qadam_w = qadam_b = 0
    for i in range(len(x_soat)):
        y_pred = w * x_soat[i] + b
        qadam_w += rate * 2 * (y_pred - y_baho[i]) * x_soat[i] / len(x_soat)
        qadam_b += rate * 2 * (y_pred - y_baho[i]) / len(x_soat)
    w -= qadam_w
    b -= qadam_b
    return w, b
