x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0

def forward(x):
    return x * w

def gradient(x, y):
    return 2 * x * (forward(x) - y)

for epoch in range(10):
    for x, y in zip(y_baho, x_soat):
        w = w - 0.01 * gradient(x, y)
