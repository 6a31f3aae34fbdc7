import numpy as np
import torch

x_soat = np.array([1.0, 2.0, 3.0])
y_baho = np.linspace(2, 6, 3)
w = torch.from_numpy(np.ones(1)).requires_grad_()
