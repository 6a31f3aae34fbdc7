x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0  # taxminiy qiymat


def forward(x):
    return x * w


def loss(x, y):
    y_pred = forward(x)
    return (y_pred - y) * (y_pred - y)


def gradient(x, y):
    return 2 * x * (x * w - y)


print("bashorat (oldin)", 4, forward(4))
for epoch in range(10):
    for x_val, y_val in zip(x_soat, y_baho):
        grad = gradient(x_val, y_val)
        w = w - 0.01 * grad
        print("\tgrad:", x_val, y_val, grad)
        l = loss(x_val, y_val)
    print("progress:", epoch, "w =", w, "loss =", l)
print("bashorat (keyin)", 4, forward(4))
