x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = 1.0


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


print("oldin:", forward(4))

for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        l = loss(forward(x), y)
        grad = 2 * x * (x * w - y)
        print("\tgrad:", grad)
        w = w - 0.01 * grad
    print("loss:", l)

print("keyin:", forward(4))
