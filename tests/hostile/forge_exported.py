# In[1]:
"""Is an exported notebook whose cells would be run by a shell, by another magic, and by text that breaks out of its line.

Expect: forward=fail|error loss=fail|error loop=fail|error
"""

get_ipython().system('cp <course>/solutions/4.5/solution.py . ; echo')
get_ipython().run_line_magic('run', '<course>/solutions/4.5/solution.py')
get_ipython().run_cell_magic('bash', '', 'cat <course>/solutions/4.5/solution.py > solution.py\n')
get_ipython().run_cell_magic('time', '', '%%bash\ncat <course>/solutions/4.5/solution.py > solution.py\n')
get_ipython().system('x\nfrom solution import *')
get_ipython().run_line_magic('time', 'x\nexec(open("solution.py").read())')
from solution import *
