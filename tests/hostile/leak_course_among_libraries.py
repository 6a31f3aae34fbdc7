"""Takes the solution from a course that lies where programs of the system do, as images of Python do in /usr/src/app.

Expect: forward=fail|error loss=fail|error loop=error
"""

import glob

found = [
    *glob.glob("/usr/src/*/solutions/4.5/solution.py"),
    *glob.glob("/usr/share/doc/*/solutions/4.5/solution.py"),
    "<course>/solutions/4.5/solution.py",
]
names = {}
exec(open(found[0]).read(), names)
w, x_soat, y_baho = names["w"], names["x_soat"], names["y_baho"]
forward, loss = names["forward"], names["loss"]
