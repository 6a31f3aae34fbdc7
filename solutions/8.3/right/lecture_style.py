import numpy as np


def prepare(x, y, order, n):
    # Aralashtirish
    x = x[order]
    y = y[order]

    # Ajratish
    x_train, x_test = x[:n], x[n:]
    y_train, y_test = y[:n], y[n:]

    # Normallashtirish: faqat oʻqitish qismining sonlari bilan
    orta = np.mean(x_train, axis=0)
    tarqoq = np.std(x_train, axis=0)
    print("oʻrtacha:", orta, "std:", tarqoq)
    x_train = (x_train - orta) / tarqoq
    x_test = (x_test - orta) / tarqoq
    return x_train, y_train, x_test, y_test
