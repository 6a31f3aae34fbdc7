x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def gradient(x, y):
    """Zanjir qoidasi: d(loss)/d(s) · d(s)/d(y_hat) · d(y_hat)/d(w)"""
    s = x * w - y
    yuqoridan = 2 * s
    yuqoridan *= 1  # d(s)/d(y_hat)
    return yuqoridan * x


if __name__ == "__main__":
    for epoch in range(1, 11):
        for soat, baho in zip(x_soat, y_baho):
            w -= 0.01 * gradient(soat, baho)
        print(f"{epoch}: {w:.4f}")
