# 4.6: update-sign
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def forward(x):
    return x * w


def gradient(x, y):
    return 2 * x * (x * w - y)


for epoch in range(50):
    for x, y in zip(x_soat, y_baho):
        w += 0.01 * gradient(x, y)
    print(epoch, w)
