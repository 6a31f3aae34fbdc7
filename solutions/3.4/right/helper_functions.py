def loss(x, y, w):
    return (x * w - y) ** 2


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def sgd(w, x_soat, y_baho, order, rate):
    xatoliklar = []
    for qadam, i in enumerate(order):
        x, y = x_soat[i], y_baho[i]
        l = loss(x, y, w)
        g = gradient(x, y, w)
        print("qadam:", qadam, "juftlik:", i, "grad:", g, "xatolik:", l)
        w -= rate * g
        xatoliklar += [l]
    return w, xatoliklar
