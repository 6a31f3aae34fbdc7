x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = 1.0


def gradient(x, y):
    # (x * w - y) ** 2 ning w boʻyicha hosilasi / its derivative with respect to w
    ...


# 10 epoch, oʻrganish tezligi 0.01 / 10 epochs, learning rate 0.01
