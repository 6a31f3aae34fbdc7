"""What an interpreter imports before it starts to count: what the programs of an exercise will want."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.core.course.exercise import Check, Coded
from grader.core.course.given_files import texts_of

# By a word in the source: what the program imports, directly or through other packages. On import matplotlib wants a
# folder that it can write to, which a child need not have.
_SLOW: Mapping[str, Sequence[str]] = {
    "matplotlib": ("matplotlib.pyplot",),
    "pylab": ("matplotlib.pyplot",),
    "pandas": ("pandas",),
    ".plot": ("matplotlib.pyplot",),
    "seaborn": ("matplotlib.pyplot", "pandas"),
    "sklearn": ("matplotlib.pyplot",),
}


def preloads(work: Coded, *sources: str) -> list[str]:
    """Return the modules that an interpreter imports before it starts to count: those the sources will want.

    The sources are only searched for words. A program that hides its imports pays for them within its own limits.
    """
    asked = any(_needs_torch(check) for check in work.checks)
    sources = (*sources, *texts_of(work.given_files))
    return [*torch_imports(*sources, asked=asked), *slow_imports(*sources)]


def torch_imports(*sources: str, asked: bool = False) -> list[str]:
    """Return what is imported of torch, where sources speak of it or it is asked for; of itself no optimum needs it."""
    if not (asked or any("torch" in source for source in sources)):
        return []
    return ["torch", "torch.optim"] if any("optim" in source for source in sources) else ["torch"]


def _needs_torch(check: Check) -> bool:
    sized = check.arrays == "torch" and (check.data is not None or any(draw.shape() for draw in check.args.values()))
    return (
        sized
        or bool(check.modules)
        or "torch" in check.ask
        or "torch" in check.maker
        or any({"torch", "nn", "F"} & call.loaded for call in check.calls)
    )


def slow_imports(*sources: str) -> list[str]:
    """Return the modules beside torch that take long to import, where sources speak of them."""
    spoken_of = (modules for word, modules in _SLOW.items() if any(word in source for source in sources))
    return list(dict.fromkeys(module for modules in spoken_of for module in modules))
