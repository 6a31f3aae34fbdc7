"""Which packages a submission may import, besides Python's own modules, NumPy and torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ALWAYS = ("numpy", "torch")
# What courses mostly use, and `course doctor` looks for where a course says nothing.
USUAL = ("matplotlib", "pandas", "tqdm", "scikit-learn", "seaborn", "torchvision")
# What is imported of a package whose modules are not called as it is.
_MODULES: Mapping[str, tuple[str, ...]] = {
    "beautifulsoup4": ("bs4",),
    "matplotlib": ("matplotlib", "mpl_toolkits", "pylab"),
    "opencv-python": ("cv2",),
    "pillow": ("PIL",),
    "pytorch-lightning": ("pytorch_lightning", "lightning"),
    "pyyaml": ("yaml",),
    "scikit-image": ("skimage",),
    "scikit-learn": ("sklearn",),
    "torch": ("torch", "functorch"),
}


def modules_of(packages: Iterable[str]) -> tuple[str, ...]:
    """Return the top-level modules that may be imported where these packages may."""
    named = (_MODULES.get(name.lower(), (name.replace("-", "_"),)) for name in (*ALWAYS, *packages))
    return tuple(dict.fromkeys(module for modules in named for module in modules))
