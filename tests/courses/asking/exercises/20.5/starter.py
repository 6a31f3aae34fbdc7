import torch


class SGDMomentum:
    def __init__(self, params, lr, momentum=0.0):
        self.params = list(params)


class Adam:
    def __init__(self, params, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params = list(params)
