"""Holds the gradients of our own programs to finite differences: torch's gradcheck, at the inputs of the probes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from grader.sandbox.inside.asking.calls import give, inputs_of, with_computed
from grader.sandbox.inside.channel import Blocks, Channel
from grader.sandbox.inside.program.parts import parts_of
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.start import flush, prepare
from grader.sandbox.inside.program.values import as_sent, is_tensor

_STEP = 1e-6
_RTOL, _ATOL = 1e-4, 1e-7
_ASIDE = 1e-3
# Above this many numbers gradcheck looks along a random direction, no longer along each.
_MOST_SINGLY = 1000
_MOST_WORDS = 2000


def serve_gradcheck(channel: Channel, job: dict[str, Any]) -> None:
    """Load our own program as its probes need it, and say which of its gradients are not those of its values."""
    prepare(job["dtype"])
    program = Program(job)
    if job["script"]:
        program.run_script({item["name"]: item for item in job["given"]})
    else:
        program.run_definitions()
    channel.send({"frame": "gradchecked", "faults": _faults(program, job["probes"])})
    flush()


def _faults(program: Program, probes: list[dict[str, Any]]) -> dict[str, str]:
    """Return what gradcheck says of each name whose gradient is not that of the values. What fails is told once."""
    faults: dict[str, str] = {}
    for probe in probes:
        # What keeps a call from being made is told of the solution as a reference.
        if give(program, probe) or probe["call"]["function"] not in program.names or "let" in probe:
            continue
        inputs = inputs_of(program, probe)
        known = {**program.names, **inputs}
        for name in (name for name in probe["gradients"] if name in known and name not in faults):
            words = _fault(known[name], partial(_outputs, program, probe, inputs, name))
            if words:
                faults[name] = words
    return faults


def _outputs(program: Program, probe: dict[str, Any], inputs: dict[str, Any], name: str) -> tuple[Any, ...]:
    """Call the function, with what is made of `name` made again: gradcheck moves its numbers in place."""
    given = with_computed(program, probe, inputs, but=name)
    function, names = program.names[probe["call"]["function"]], probe["call"]["arguments"]
    return _differentiable(function(*(given[each] for each in names)))


def _fault(tensor: Any, outputs: Callable[[], tuple[Any, ...]]) -> str:
    """Return gradcheck's words, "" where it is content. A kink is at one point alone: a little aside there is none."""
    import torch

    if not is_tensor(tensor):
        return f"{type(tensor).__name__} is not a tensor"
    words = _words(tensor, outputs)
    if not words:
        return ""
    before = tensor.detach().clone()
    scale = max(1.0, float(before.abs().max())) if before.numel() else 1.0
    with torch.no_grad():
        tensor += _ASIDE * scale * torch.linspace(1, 2, tensor.numel(), dtype=tensor.dtype).reshape(tensor.shape)
    words = words if _words(tensor, outputs) else ""
    with torch.no_grad():
        tensor.copy_(before)
    return words


def _words(tensor: Any, outputs: Callable[[], tuple[Any, ...]]) -> str:
    import torch
    from torch.autograd.gradcheck import GradcheckError, gradcheck

    torch.set_printoptions(threshold=9, edgeitems=2, linewidth=1000)  # type: ignore[no-untyped-call]
    try:
        found = outputs()
        if any(each.dtype is not torch.float64 for each in (tensor, *found)):
            return ""
        size = max((float(each.detach().abs().max()) for each in found if each.numel()), default=0.0)
        reach = float(tensor.detach().abs().max()) if tensor.numel() else 0.0
        gradcheck(
            lambda _: outputs(),
            (tensor,),
            # What is lost to rounding grows with the numbers.
            eps=_STEP * max(1.0, reach),
            atol=_ATOL * max(1.0, size),
            rtol=_RTOL,
            check_undefined_grad=False,
            fast_mode=tensor.numel() > _MOST_SINGLY,
        )
    except GradcheckError as error:
        return str(error)[:_MOST_WORDS]
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:_MOST_WORDS]
    finally:
        torch.set_printoptions(profile="default")  # type: ignore[no-untyped-call]
    return ""


def _differentiable(result: Any) -> tuple[Any, ...]:
    """Return the outputs as gradcheck wants them: those that can be differentiated; where there are none, all."""
    import torch

    outputs: list[Any] = []
    for part in parts_of(result):
        output = part.thing
        if not is_tensor(output) or not output.is_floating_point():
            blocks: Blocks = []
            as_sent(output, blocks)
            outputs += map(torch.from_numpy, blocks)
        else:
            outputs.append(output)
    return tuple([output for output in outputs if output.requires_grad] or outputs)
