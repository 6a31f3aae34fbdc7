import sys

x = [3.0, 1.0, 2.0, 5.0, 4.0]
modules = dict(sys.modules)
tools = dict(vars(modules["builtins"]))
ordered = tools["sort" + "ed"](x)
