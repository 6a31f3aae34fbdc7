import torch

x_soat = ["1", "2", "3"]
y_baho = ["2", "4", "6"]
w = torch.tensor([1.0], requires_grad=True)
