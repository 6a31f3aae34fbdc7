def forward(x, w):
    return x * w


def loss(x, y, w):
    y_pred = forward(x, w)
    return (y_pred - y) * (y_pred - y)


def mse(w, x_soat, y_baho):
    l_sum = 0
    for i in range(len(x_soat)):
        x_val, y_val = x_soat[i], y_baho[i]
        l = loss(x_val, y_val, w)
        l_sum += l
        print("\t", x_val, y_val, forward(x_val, w), l)
    print("MSE=", l_sum / len(x_soat))
    return l_sum / len(x_soat)


for w in [0.0, 1.0, 2.0]:
    mse(w, [1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
