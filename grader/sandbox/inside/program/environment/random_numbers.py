"""Lets torch's seeded generator give a run in float64 the numbers that it gives in float32: drawn there, and cast.

Measured with torch 2.13: after one seed, `rand`, `randn` of 16 numbers or more, `bernoulli` of a tensor and everything
of `torch.nn.init` differ between the two. Masks of dropout, `randint`, `randperm`, `multinomial`, `exponential_` and
`poisson` do not, and are left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

_SHAPED = ("rand", "randn")
_LIKE = ("rand_like", "randn_like")
_OF_NUMBERS = ("normal", "bernoulli")
_IN_PLACE = ("uniform_", "normal_", "bernoulli_", "log_normal_", "cauchy_")
_originals: dict[tuple[Any, str], Any] = {}


def draw_in_float32(torch: Any) -> None:
    """Draw in float32 whatever a program does not ask for in another dtype by name."""
    give_back()
    for name in _SHAPED:
        _replace(torch, name, _shaped(torch, getattr(torch, name)))
    for name in _LIKE:
        _replace(torch, name, _like(torch, getattr(torch, name)))
    for name in _OF_NUMBERS:
        _replace(torch, name, _of_numbers(torch, getattr(torch, name)))
    _replace(torch.Tensor, "bernoulli", _of_numbers(torch, torch.Tensor.bernoulli))
    for name in _IN_PLACE:
        _replace(torch.Tensor, name, _in_place(torch, getattr(torch.Tensor, name)))


def give_back() -> None:
    """Undo it: jobs of the course's own share a child, and the next one may be in float32."""
    for (owner, name), original in _originals.items():
        setattr(owner, name, original)
    _originals.clear()


def _replace(owner: Any, name: str, drawing: Any) -> None:
    _originals[owner, name] = getattr(owner, name)
    setattr(owner, name, drawing)


def _shaped(torch: Any, draw: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(draw)
    def drawing(*args: Any, requires_grad: bool = False, **kwargs: Any) -> Any:
        if kwargs.get("dtype") is not None or kwargs.get("out") is not None:
            return draw(*args, requires_grad=requires_grad, **kwargs)
        kwargs["dtype"] = torch.float32
        return draw(*args, **kwargs).to(torch.get_default_dtype()).requires_grad_(requires_grad)

    return drawing


def _like(torch: Any, draw: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(draw)
    def drawing(*args: Any, requires_grad: bool = False, **kwargs: Any) -> Any:
        like = args[0] if args else kwargs["input"]
        if kwargs.get("dtype") is not None or like.dtype is not torch.float64:
            return draw(*args, requires_grad=requires_grad, **kwargs)
        kwargs["dtype"] = torch.float32
        return draw(*args, **kwargs).double().requires_grad_(requires_grad)

    return drawing


def _of_numbers(torch: Any, draw: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(draw)
    def drawing(*args: Any, **kwargs: Any) -> Any:
        if kwargs.get("dtype") is not None or kwargs.get("out") is not None:
            return draw(*args, **kwargs)
        tensors = [each for each in (*args, *kwargs.values()) if isinstance(each, torch.Tensor)]
        dtype = tensors[0].dtype if tensors else torch.get_default_dtype()
        if dtype is not torch.float64:
            return draw(*args, **kwargs)
        if not tensors:
            kwargs["dtype"] = torch.float32
        cast = [_single(torch, each) for each in args]
        return draw(*cast, **{name: _single(torch, each) for name, each in kwargs.items()}).double()

    return drawing


def _in_place(torch: Any, draw: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(draw)
    def drawing(tensor: Any, *args: Any, **kwargs: Any) -> Any:
        if tensor.dtype is not torch.float64:
            return draw(tensor, *args, **kwargs)
        # Laid out alike: torch draws another way where numbers do not lie side by side.
        fresh = torch.empty_strided(tensor.size(), tensor.stride(), dtype=torch.float32, device=tensor.device)
        draw(fresh, *(_single(torch, each) for each in args), **kwargs)
        return tensor.copy_(fresh)

    return drawing


def _single(torch: Any, thing: Any) -> Any:
    return thing.float() if isinstance(thing, torch.Tensor) and thing.dtype is torch.float64 else thing
