x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0
lr = 0.01


def gradient(x, y):
    """d(loss)/d(w) = d(loss)/d(s) * d(s)/d(y_hat) * d(y_hat)/d(w)"""
    y_hat = x * w
    s = y_hat - y
    dloss_ds = 2 * s
    ds_dy_hat = 1
    dy_hat_dw = x
    return dloss_ds * ds_dy_hat * dy_hat_dw


if __name__ == "__main__":
    for epoch in range(10):
        for x, y in zip(x_soat, y_baho):
            step = lr * gradient(x, y)
            w_new = w - step
            w = w_new
