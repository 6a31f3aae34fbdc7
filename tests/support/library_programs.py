"""Programs that raise what calls of Python, NumPy and torch's library raise."""

_T = "import torch\n"
_N = "import numpy as np\nimport torch\n"
_LEAF = _T + "w = torch.tensor([1.0], requires_grad=True)\n"
_NET = _T + "class M(torch.nn.Module):\n    def __init__(self):\n        {}\n    def {}\n        return x\n\n"
_PLAIN = "class M:\n    def f(self):\n        return 1\n\n"

_DATA = (
    _T + "class D(torch.utils.data.Dataset):\n    def __len__(self):\n        return 1\n"
    "    def {}(self, i):\n        i\n\n"
)

# Each with the name that what it raises has by itself, and how the hint begins that explains it.
LIBRARY_PROGRAMS = [
    (_LEAF + "w.grad = 0\n", "grad-not-a-tensor", ".grad holds a tensor"),
    (_LEAF + "w.grad = torch.zeros(2)\n", "", "A gradient has the shape"),
    (_LEAF + "w.data = 3.0\n", "", ".data is a tensor"),
    (_LEAF + "with torch.no_grad:\n    pass\n", "never-called", "The parentheses () after"),
    ("def loss(y):\n    return y\n\nloss.backward()\n", "", "This is the function itself"),
    (_LEAF + "torch.optim.SGD([w * 2], lr=0.1)\n", "not-a-leaf", "This tensor is computed"),
    (_LEAF + "torch.optim.SGD([], lr=0.1)\n", "", "The optimizer gets no"),
    (_LEAF + "torch.optim.SGD(w, lr=0.1)\n", "optimizer-wants-parameters", "An optimizer wants the parameters"),
    (
        _T + "torch.optim.SGD(torch.nn.Linear(1, 1), lr=0.1)\n",
        "optimizer-wants-parameters",
        "An optimizer wants the parameters",
    ),
    (_LEAF + "torch.optim.SGD([w], lr=-1)\n", "", "The learning rate must not"),
    (
        _NET.format("self.l = torch.nn.Linear(1, 1)", "forward(self, x):") + "M()\n",
        "super-init-missing",
        "A module must be set up",
    ),
    (
        _NET.format("super().__init__()", "forwrd(self, x):") + "M()(torch.ones(1))\n",
        "method-missing",
        "This module has no",
    ),
    (
        _NET.format("super().__init__()", "forward(x):") + "M()(torch.ones(1))\n",
        "method-without-self",
        "The method gets one",
    ),
    (_PLAIN + "M.f()\n", "", "The method is called on the class"),
    ("def loss(y_pred, y):\n    return y\n\nloss(1.0)\n", "", "The function is called with more"),
    (_T + "torch.nn.Linear()\n", "", "The function is called with more"),
    ("for x, y in [1.0, 2.0]:\n    pass\n", "", "There is a single value here"),
    (_LEAF + "[1.0, 2.0] * w\n", "", "A list cannot be multiplied"),
    ("x_soat = [1.0, 2.0]\nfor x in x_soat:\n    x_soat[x]\n", "", "An index must be a whole number"),
    ("for epoch in range(10.0):\n    pass\n", "", "A count must be a whole"),
    ("pair = (1.0, 2.0)\npair[0] = 3.0\n", "", "The elements of a tuple"),
    (_T + "torch.Tensor(1.0)\n", "", "torch.Tensor(…), with a capital"),
    (_T + "torch.tensor([[1.0], [1.0, 2.0]])\n", "", "The rows of this list"),
    (_T + "torch.tensor(['1.0'])\n", "", "A tensor holds numbers only"),
    (_T + "torch.tensor([None])\n", "", "A tensor holds numbers only"),
    ("len(5)\n", "", "This is a single number, but it is used as a list"),
    (_T + "torch.sqrt(2.0)\n", "", "This function works on tensors"),
    (_T + "torch.nn.MSELoss()(torch.ones(1), 1.0)\n", "", "This is a plain number, not a tensor, so"),
    (_N + "np.ones(2).zero_()\n", "", "This is a NumPy array"),
    (_T + "torch.from_numpy([1.0])\n", "", "torch.from_numpy takes"),
    (_T + "torch.ones(2, 3).view(5)\n", "", "view and reshape keep"),
    (_T + "torch.stack([torch.ones(2), torch.ones(3)])\n", "", "Tensors that are put together"),
    (_T + "torch.softmax(torch.ones(3), dim=1)\n", "", "The tensor has no such dimension"),
    (_N + "np.ones(2) @ np.ones((3, 3))\n", "", "These two shapes do not match: in a matrix"),
    (_N + "np.ones(2) + np.ones(3)\n", "", "The two shapes do not match"),
    (_T + "torch.tensor([1, 2]).mean()\n", "", "A mean is taken"),
    (_T + "torch.ones(2, 3).t().view(6)\n", "view-not-contiguous", ".view() wants numbers"),
    (_T + "torch.nn.BCEWithLogitsLoss()(torch.ones(3), torch.tensor([0, 1, 1]))\n", "", "Numbers with decimals are"),
    (_T + "torch.nn.LSTM(3, 4)(torch.ones(2, 1, 5))\n", "", "The layer expects another size"),
    (_T + "torch.nn.RNN(3, 4)(torch.ones(2, 1, 3), torch.ones(1, 2, 4))\n", "state-shape", "The first state of a"),
    (
        _T + "torch.nn.CrossEntropyLoss()(torch.ones(3, 2), torch.ones(3))\n",
        "target-not-long",
        "This loss expects class numbers",
    ),
    (
        _T + "torch.nn.CrossEntropyLoss()(torch.ones(3, 2), torch.ones(3, 1).long())\n",
        "target-shape",
        "This loss wants one class",
    ),
    (_T + "torch.nn.CrossEntropyLoss()(torch.ones(3, 2), torch.tensor([0, 1]))\n", "", "There are more or fewer targ"),
    (
        _T + "torch.nn.BCEWithLogitsLoss()(torch.ones(3, 1), torch.ones(3))\n",
        "target-shape",
        "Prediction and target need",
    ),
    (_LEAF + "w.sum().backward(torch.ones(2))\n", "", "What backward(…) is given"),
    (_T + "torch.nn.Embedding(3, 2)(torch.zeros(1))\n", "index-not-long", "Rows are looked up"),
    (_T + "torch.nn.Embedding(3, 2)(torch.tensor([5]))\n", "", "There is no element with this index"),
    (
        _T + "torch.nn.Conv2d(1, 2, 3)(torch.ones(1, 3, 5, 5))\n",
        "",
        "The layer expects another number of channels",
    ),
    (_T + "torch.nn.BatchNorm1d(3)(torch.ones(1, 3))\n", "", "Batch normalisation cannot"),
    (_T + "torch.ones(1) + torch.ones(1, device='meta')\n", "", "Two tensors on different devices"),
    (_T + "torch.nn.Linear(1, 1).load_state_dict({})\n", "", "The saved state belongs"),
    (_LEAF + "import copy\ncopy.deepcopy(w * 2)\n", "", "A tensor that is part of a graph"),
    (_T + "torch.utils.data.TensorDataset(torch.ones(2), torch.ones(3))\n", "", "These tensors need the same number"),
    ("zip([1.0], [2.0])[0]\n", "not-indexable", "This can be looped over"),
    ("def train():\n    print(1)\n\nfor x in train():\n    pass\n", "", "One of the values is None"),
    ("[1.0] < 1.0\n", "", "These two values are of different kinds"),
    ("{'lr': 0.01}.lr\n", "", "This value has nothing of that name"),
    ("{'lr': 0.01}['rate']\n", "", "There is no entry under"),
    ("import math\nmath.log(0)\n", "", "The function is not defined for this"),
    (_T + "torch.nn.RNN(3, 4)(torch.ones(2, 1).long())\n", "integer-input", "The layer is given whole"),
    (_T + "torch.nn.BatchNorm2d(3)(torch.ones(2, 4, 2, 2))\n", "layer-sizes", "The layer is made for another number"),
    (_T + "torch.nn.Linear(4, 1)(torch.nn.RNN(3, 4)(torch.ones(2, 1, 3)))\n", "result-not-unpacked", "This is a tuple"),
    (_T + "torch.nn.RNN(3, 4)(torch.ones(2, 1, 3)).view(2, 4)\n", "result-not-unpacked", "This is a tuple"),
    (_T + "torch.ones(2, 3, 4).t()\n", "", ".t() turns a single"),
    (_T + "torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 3, 4))\n", "", "These two shapes do not match: in a matrix"),
    (_N + "np.dot(np.ones((2, 3)), np.ones((2, 3)))\n", "", "These two shapes do not match: in a matrix"),
    (_T + "m = torch.nn.Linear(1, 1)\nm.bias = m.bias + 1\n", "parameter-replaced", "What was made a parameter"),
    (_DATA.format("__getitems__") + "D()[0]\n", "method-missing", "The dataset has no"),
    (
        _DATA.format("__getitem__") + "next(iter(torch.utils.data.DataLoader(D())))\n",
        "nothing-returned",
        "A sample of the",
    ),
    ("max([])\n", "", "There is nothing in it"),
    ("assert 1.0 == 2.0\n", "", "The condition after assert"),
]
