from torch import Tensor
from torch.autograd import Variable

x_soat = [1, 2, 3]
y_baho = [soat + soat for soat in x_soat]
w = Variable(Tensor([1]), requires_grad=True)
