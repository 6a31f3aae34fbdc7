x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0  # tasodifiy taxmin


def forward(x):
    return x * w


def gradient(x, y):
    # (xw)² − 2xyw + y² ning w boʻyicha hosilasi
    return 2 * x**2 * w - 2 * x * y


print("avval:", forward(4))
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        grad = gradient(x, y)
        w = w - 0.01 * grad
        print("\tgrad:", x, y, round(grad, 2))
    print("epoch", epoch, "w =", round(w, 2))
print("keyin:", forward(4))
