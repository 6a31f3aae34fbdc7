#!/usr/bin/env python
# coding: utf-8

# In[1]:


get_ipython().system('pip install torch')
get_ipython().run_line_magic('load_ext', 'autoreload')
files = get_ipython().getoutput('ls')
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]


# In[2]:


get_ipython().run_cell_magic('time', '', 'w = torch.tensor([1.0], requires_grad=True)\n\n\ndef forward(x):\n    return x * w\n')


# In[ ]:


def loss(y_pred, y):
    return (y_pred - y) ** 2


# In[3]:


get_ipython().run_cell_magic('bash', '', 'echo hi\nls\n')


# In[4]:


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        step = loss(forward(x), y)
        step.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
display(w)
