"""What a program finds in the box in place of people, windows, Jupyter and Colab, and what it lacks in a locked one."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Raised, Run, RunStatus
from grader.sandbox.choose import make_box
from grader.sandbox.port import Sandbox

LOCKED = pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED HERE: only Linux locks a box")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    box = make_box("none", ["matplotlib.pyplot", "pandas"])
    yield box
    box.close()


@pytest.fixture(scope="module")
def bare_box() -> Iterator[Sandbox]:
    """A box that has imported nothing."""
    box = make_box("none")
    yield box
    box.close()


@pytest.fixture(scope="module")
def locked_box() -> Iterator[Sandbox]:
    box = make_box("reduced", ["torch", "pandas", "matplotlib.pyplot"])
    yield box
    box.close()


def run(box: Sandbox, source: str, filename: str = "w.py", **more: object) -> Run:
    run = box.run(ProgramJob(source, filename, script=True, **more))  # type: ignore[arg-type]
    assert run.status is RunStatus.COMPLETED, run
    return run


def raised(found: Run) -> Raised | None:
    assert found.ran is not None
    return found.ran.raised


PLOTS = "import matplotlib.pyplot as plt\nplt.plot([3, 2, 1])\nplt.pause(60)\nplt.show()\n"
JUPYTERS = {
    "plots": PLOTS,
    "plots beside IPython": f"import IPython\nfrom IPython.display import display\n{PLOTS}",
    "plots by subplots": "import IPython\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n"
    "ax.plot([1])\nfig.show()\n",
    "a window's backend": f"import matplotlib\nmatplotlib.use('TkAgg')\n{PLOTS}"
    "assert matplotlib.get_backend() == 'agg'\n",
    "a backend in the settings": f"import matplotlib\nmatplotlib.rcParams['backend'] = 'TkAgg'\n{PLOTS}",
    "a switched backend": f"import matplotlib.pyplot as plt\nplt.switch_backend('QtAgg')\n{PLOTS}",
    "inline formats": "import matplotlib_inline.backend_inline as b\nb.set_matplotlib_formats('svg')\n",
    "a data frame": "import IPython\nimport pandas as pd\npd.set_option('display.html.table_schema', True)\n"
    "display(pd.DataFrame({'a': [1, 2]}))\n",
    "a progress bar": "from tqdm import tqdm\nassert list(tqdm(range(3))) == [0, 1, 2]\n",
    "a progress bar of notebooks": "from tqdm.notebook import tqdm, trange\n"
    "assert list(tqdm(range(3), desc='x')) == [0, 1, 2]\n"
    "assert sum(trange(3, colour='green')) == 3\nbar = tqdm(total=3)\nbar.update(3)\nbar.close()\n",
    "a progress bar of either": "from tqdm.auto import tqdm\nassert list(tqdm(range(3))) == [0, 1, 2]\n",
    "a version": "import IPython\nassert IPython.version_info[:2] > (8, 24) and IPython.__version__\n",
    "what IPython alone gives": "import IPython\nIPython.display.clear_output(wait=True)\nIPython.utils.io\n",
    "a magic of one's own": "from IPython.core.magic import register_line_magic\n"
    "@register_line_magic\ndef double(line):\n    return 2 * line\nassert double(2) == 4\n",
    "a class of magics": "from IPython.core.magic import Magics, magics_class, line_magic\n"
    "@magics_class\nclass M(Magics):\n    @line_magic\n    def m(self, line):\n        return line\n"
    "assert M().m('x') == 'x'\n",
    "the shell": "ip = get_ipython()\nip.run_line_magic('matplotlib', 'inline')\nip.system('ls')\n"
    "assert ip.getoutput('ls') == [] and 'google.colab' not in str(ip) and 'IPKernelApp' not in ip.config\n",
    "widgets": "import ipywidgets as widgets\nfrom ipywidgets import interact\nslider = widgets.IntSlider(value=5)\n"
    "@interact(x=slider)\ndef f(x=1):\n    return x\nassert slider.value == 5 and f(2) == 2\nslider.observe(f)\n",
    "a debugger": "import pdb\nbreakpoint()\npdb.set_trace()\nfrom pdb import set_trace\nset_trace()\n",
    "a command of the shell": "import os\nassert os.system('exit 0') != 0\n",
    "a captured output": "import ipywidgets\nwith ipywidgets.Output():\n    x = 1\nassert x == 1\n",
    "a drive": "from google.colab import drive\ndrive.mount('/content/drive')\n",
    "colab's files and output": "from google.colab import files, output\nassert files.upload() == {}\n"
    "files.download('w.pt')\noutput.clear()\n",
    "colab as a whole": "import google.colab\ngoogle.colab.drive.mount('/content/drive')\n",
}


@pytest.mark.parametrize("name", JUPYTERS)
def test_in_a_notebook_nothing_that_shows_mounts_or_asks_does_harm(box: Sandbox, name: str) -> None:
    assert raised(run(box, JUPYTERS[name], "w.ipynb")) is None


@pytest.mark.parametrize("name", ["plots beside IPython", "a window's backend", "a data frame", "a drive"])
def test_what_was_imported_before_makes_no_difference(bare_box: Sandbox, name: str) -> None:
    assert raised(run(bare_box, f"# In[1]:\n{JUPYTERS[name]}")) is None


AWAITING = """import asyncio
async def train():
    await asyncio.sleep(0)
    return await asyncio.to_thread(sum, await asyncio.gather(double(1), double(2)))
async def double(x):
    await asyncio.sleep(0.001)
    return 2 * x
"""


@LOCKED
@pytest.mark.parametrize(
    "run_it",
    [
        "asyncio.run(train())",
        "asyncio.get_event_loop_policy().new_event_loop().run_until_complete(train())",
        "asyncio.Runner().run(train())",
    ],
)
def test_a_program_awaits_in_a_locked_box(locked_box: Sandbox, run_it: str) -> None:
    assert raised(run(locked_box, f"{AWAITING}assert {run_it} == 6\n")) is None


def test_a_plain_program_does_not_find_jupyters_names(bare_box: Sandbox) -> None:
    found = raised(run(bare_box, "display(1)\n"))
    assert found is not None and found.type_name == "NameError"


def test_nobody_finds_ipython_who_does_not_import_it(box: Sandbox) -> None:
    source = "import sys\nimport matplotlib.pyplot, pandas\nassert 'IPython' not in sys.modules\n"
    assert raised(run(box, source, "w.ipynb")) is None


def test_a_program_that_plots_nothing_imports_nothing_for_it(bare_box: Sandbox) -> None:
    source = (
        "import sys\nassert not {'matplotlib', 'pandas', 'IPython', 'pdb', 'google', 'ipywidgets'} & set(sys.modules)\n"
    )
    assert raised(run(bare_box, source)) is None


@pytest.mark.parametrize(
    ("source", "lack", "line"),
    [
        ("x = 1\ninput('Ism: ')\n", "input", 2),
        ("import pdb\npdb.Pdb().set_trace()\ny = 2\n", "debugger", 3),
        ("open('hours.csv')\n", "files", 1),
        ("import numpy\nnumpy.loadtxt('hours.csv')\n", "files", 2),
        ("import urllib.error\nraise urllib.error.URLError('x')\n", "network", 2),
        ("import io, urllib.error\nraise urllib.error.HTTPError('u', 404, 'no', {}, io.BytesIO())\n", "", 2),
        ("try:\n    open('x')\nexcept OSError:\n    y\n", "", 4),
        ("raise ValueError('x')\n", "", 1),
    ],
)
def test_what_is_lacking_is_told_by_a_word_and_the_line(bare_box: Sandbox, source: str, lack: str, line: int) -> None:
    found = raised(run(bare_box, source))
    assert found is not None and (found.lack, found.line) == (lack, line)


@LOCKED
@pytest.mark.parametrize(
    ("source", "lack"),
    [
        ("torch.ones(1).cuda()", "gpu"),
        ("torch.ones(1, device='cuda:0')", "gpu"),
        ("import urllib.request\nurllib.request.urlopen('http://example.org')", "network"),
        ("import socket\nsocket.socket()", "network"),
        ("import pandas\npandas.read_csv('https://example.org/x.csv')", "network"),
        ("import pandas\npandas.read_csv('x.csv')", "files"),
        ("import multiprocessing\nmultiprocessing.Pool(2)", "processes"),
        ("import multiprocessing\nmultiprocessing.Process(target=print).start()", "processes"),
        ("import subprocess\nsubprocess.run(['ls'])", "processes"),
        ("import os\nos.fork()", "processes"),
        ("import os\nos.popen('ls')", "processes"),
        ("from torch.utils.data import DataLoader\nnext(iter(DataLoader([1], num_workers=2)))", "workers"),
        ("torch.compile(print)", "compiler"),
    ],
)
def test_a_locked_box_says_what_it_lacks(locked_box: Sandbox, source: str, lack: str) -> None:
    found = raised(run(locked_box, f"import torch\n{source}\n"))
    assert found is not None and found.lack == lack, found


IRIS = "from sklearn.datasets import load_iris\nX, y = load_iris(return_X_y=True)\n"
LARGE = {
    "a model of scikit-learn": ("sklearn", f"{IRIS}from sklearn.linear_model import LogisticRegression\n"
    "assert LogisticRegression(max_iter=500).fit(X, y).score(X, y) > 0.9\n"),
    "a forest with workers": ("sklearn", f"{IRIS}from sklearn.ensemble import RandomForestClassifier\n"
    "assert RandomForestClassifier(n_estimators=5, n_jobs=2).fit(X, y).score(X, y) > 0.9\n"),
    "a plot of scikit-learn": ("sklearn", f"{IRIS}from sklearn.metrics import ConfusionMatrixDisplay\n"
    "import matplotlib.pyplot as plt\nConfusionMatrixDisplay.from_predictions(y, y)\nplt.show()\n"),
    "plots of seaborn": ("seaborn", "import seaborn as sns\nimport matplotlib.pyplot as plt\nsns.set_theme()\n"
    "sns.lineplot(x=[1, 2, 3], y=[2, 4, 6])\nplt.figure()\nsns.histplot([1, 2, 3], kde=True)\nplt.show()\n"),
    "images of torchvision": ("torchvision", "import torch\nfrom torchvision import transforms\n"
    "assert transforms.Resize(2)(torch.ones(1, 4, 4)).shape == (1, 2, 2)\n"),
}  # fmt: skip


@LOCKED
@pytest.mark.parametrize(("package", "source"), LARGE.values(), ids=LARGE)
def test_large_packages_work_in_a_locked_box(locked_box: Sandbox, package: str, source: str) -> None:
    pytest.importorskip(package, reason=f"NOT TESTED HERE: {package} is not installed")
    allowed = ("scikit-learn", "seaborn", "torchvision", "matplotlib")
    assert raised(run(locked_box, source, packages=allowed)) is None


def test_an_import_that_fails_tells_no_path_of_this_machine(bare_box: Sandbox) -> None:
    found = raised(run(bare_box, "from json import nothing\n"))
    assert found is not None and found.message == "cannot import name 'nothing' from 'json'"


def test_the_way_of_an_exception_begins_at_the_top_level(bare_box: Sandbox) -> None:
    found = raised(run(bare_box, "def f():\n    return 1 / 0\n\n\nf()\n"))
    assert found is not None and (found.way, found.line) == ((5, 2), 2)


def test_a_program_is_held_to_its_courses_packages(box: Sandbox) -> None:
    found = raised(run(box, "import pandas\n", packages=("tqdm",)))
    assert found is not None and found.message == "pandas is not among numpy, torch, tqdm"


@pytest.mark.parametrize("source", ["import tqdm, json, numpy", "import IPython", "from google.colab import drive"])
def test_python_numpy_and_what_stands_in_are_always_allowed(box: Sandbox, source: str) -> None:
    assert raised(run(box, f"{source}\n", packages=("tqdm",))) is None


def test_what_an_allowed_package_imports_is_its_own_business(box: Sandbox) -> None:
    assert raised(run(box, "import pandas\npandas.Series([1]).plot()\n", packages=("pandas",))) is None
