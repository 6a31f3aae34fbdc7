import torch

x_soat, y_baho = (1.0, 2.0, 3.0), (2.0, 4.0, 6.0)
w = torch.tensor([1.0], requires_grad=True)

forward = lambda x: w * x
loss = lambda y_pred, y: (y_pred - y) ** 2

for epoch in range(10):
    for pair in zip(x_soat, y_baho):
        loss(forward(pair[0]), pair[1]).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
