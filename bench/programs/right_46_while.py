# 4.6: right
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def forward(x):
    return x * w


def gradient(x, y):
    s = x * w - y
    return x * 2 * s


epoch = 0
while epoch < 10:
    for i in range(len(x_soat)):
        w -= gradient(x_soat[i], y_baho[i]) / 100
    epoch += 1
