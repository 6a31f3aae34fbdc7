import torch

W_h = torch.randn(20, 20, requires_grad=True)
W_x = torch.randn(20, 10, requires_grad=True)
x = torch.randn(1, 10)
prev_h = torch.randn(1, 20)
next_h = torch.tanh(W_h @ prev_h.T + W_x @ x.T)
next_h.sum().backward()
