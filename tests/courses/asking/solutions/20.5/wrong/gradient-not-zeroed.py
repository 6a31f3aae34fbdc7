import torch


class Optimizer:
    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr

    def zero_grad(self):
        for p in self.params:
            p.grad is None

    @torch.no_grad()
    def step(self):
        for i, p in enumerate(self.params):
            if p.grad is not None:
                p -= self.lr * self.change(i, p.grad)


class SGDMomentum(Optimizer):
    def __init__(self, params, lr, momentum=0.0):
        super().__init__(params, lr)
        self.momentum = momentum
        self.m = [torch.zeros_like(p) for p in self.params]

    def change(self, i, g):
        self.m[i] = self.momentum * self.m[i] + (1 - self.momentum) * g
        return self.m[i]


class Adam(Optimizer):
    def __init__(self, params, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.m = [torch.zeros_like(p) for p in self.params]
        self.v = [torch.zeros_like(p) for p in self.params]
        self.t = [0 for p in self.params]

    def change(self, i, g):
        self.t[i] += 1
        self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
        self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
        m = self.m[i] / (1 - self.beta1 ** self.t[i])
        v = self.v[i] / (1 - self.beta2 ** self.t[i])
        return m / (v.sqrt() + self.eps)
