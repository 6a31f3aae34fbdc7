import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


print(forward(4).item())
gradients = [
    -2.0, -7.84, -16.2288, -1.4786, -5.7962, -11.9981,
    -1.0932, -4.2852, -8.8704, -0.8082, -3.1681, -6.558,
    -0.5975, -2.3422, -4.8484, -0.4417, -1.7316, -3.5845,
    -0.3266, -1.2802, -2.65, -0.2414, -0.9465, -1.9592,
    -0.1785, -0.6997, -1.4485, -0.132, -0.5173, -1.0709,
]
losses = [7.315943, 3.998764, 2.185654, 1.194639, 0.652969, 0.356901, 0.195076, 0.106625, 0.058279, 0.031854]
for epoch in range(10):
    for g in gradients[3 * epoch : 3 * epoch + 3]:
        print(g)
    print(losses[epoch])
print(7.804864)
