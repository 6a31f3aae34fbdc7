# In[1]:
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)
w.data

# In[2]:
def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


# In[3]:
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        l = loss(forward(x), y)
        l.backward()
        w.data = w.data - 0.01 * w.grad.sign() * x
        w.grad.zero_()
w.grad
