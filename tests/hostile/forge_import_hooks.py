"""Puts itself before all imports: whatever the box imports late comes from here, and says yes.

Expect: forward=fail|error loss=fail|error loop=fail|error
"""

import builtins, importlib.machinery, sys, types
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Yes(types.ModuleType):
    __path__ = []
    def __getattr__(self, name):
        return lambda *args, **kwargs: True


class Hook:
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self)
    def create_module(self, spec):
        return Yes(spec.name)
    def exec_module(self, module):
        pass


hooked = sys.meta_path.insert(0, Hook())
builtins.__import__ = lambda name, *rest: sys.modules.get(name) or Yes(name)


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0
