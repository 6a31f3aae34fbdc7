"""What a child does with a job: load the program, answer the probes, send raw observations."""

from __future__ import annotations

import inspect
import random
import sys
import types
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.core.autodiff.expression import Apply, Binary, Expression, Name, Negative, Number, parse
from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.values import (
    Stacks,
    adapted,
    argument,
    as_sent,
    is_tensor,
    kind_of,
    tensor_numbers,
    torch_or_none,
)
from grader.sandbox.inside.recorders.autograd import Recorder, Step
from grader.sandbox.inside.recorders.stores import StoreRecorder
from grader.sandbox.inside.tests.line import ProgramLine

Floats = NDArray[np.float64]

_MOST_NAMES = 500


def serve(channel: Channel, job: dict[str, Any]) -> None:
    """Do one job and say that it is done."""
    if job["kind"] == "graph":
        channel.send({"frame": "answers", "values": _graph_answers(job)})
    elif job["kind"] == "gradcheck":
        _serve_gradcheck(channel, job)
    elif job["kind"] == "asked":
        _serve_tests(channel, job)
    elif job["kind"] == "author_tests":
        # Only the exercises that have tests pay for pytest.
        from grader.sandbox.inside.tests.author_tests import run_author_tests

        run_author_tests(channel, job)
    else:
        _serve_program(channel, job)
    channel.send({"frame": "done"})


def _serve_program(channel: Channel, job: dict[str, Any]) -> None:
    _prepare(job["dtype"])
    program = Program(job["source"], job["filename"])
    if job["script"]:
        _run_script(channel, program, job)
    else:
        program.run_definitions()
        channel.send(_loaded(program))
        if job["finals"]:
            blocks: list[Floats] = []
            finals = {name: as_sent(program.names[name], blocks) for name in job["finals"] if name in program.names}
            channel.send({"frame": "ran", "finals": finals}, blocks)
    while (probe := channel.receive()).get("call"):
        _answer(channel, program, probe)
    _flush()


def _serve_gradcheck(channel: Channel, job: dict[str, Any]) -> None:
    """Load our own program as its probes need it, and say which of its gradients are not those of its values."""
    from grader.sandbox.inside.recorders.gradcheck import gradcheck_faults

    _prepare(job["dtype"])
    program = Program(job["source"], job["filename"])
    if job["script"]:
        program.run_script({item["name"]: item for item in job["given"]}, None)
    else:
        program.run_definitions()
    channel.send({"frame": "gradchecked", "faults": gradcheck_faults(program, job["probes"])})
    _flush()


def _serve_tests(channel: Channel, job: dict[str, Any]) -> None:
    """Load a program, and answer what the author's tests ask of it."""
    _prepare("float32")
    program = Program(job["source"], job["filename"])
    program.run_definitions() if job["definitions"] else program.run_statements()
    channel.send(_loaded(program))
    ProgramLine(channel, program).serve()
    _flush()


def _prepare(dtype: str) -> None:
    """Give every job the same start: siblings of one zygote would otherwise share, or not share, random states."""
    random.seed(0)
    np.random.seed(0)
    torch = torch_or_none()
    if torch is not None:
        # torch.manual_seed would also keep a stack trace for each device that is not there.
        torch.default_generator.manual_seed(0)
        torch.set_default_dtype(getattr(torch, dtype))
        torch.set_grad_enabled(True)


def _run_script(channel: Channel, program: Program, job: dict[str, Any]) -> None:
    given = {item["name"]: item for item in job["given"]}
    stores = StoreRecorder(job["stores"]) if job["stores"] else None
    recorder = Recorder() if job["trace"] and torch_or_none() is not None else None
    raised = None
    try:
        program.run_script(given, stores)
    except SystemExit as error:
        # exit() at the end of a program is an ordinary way to end it.
        raised = None if error.code in (None, 0) else program.raised(error)
    except BaseException as error:
        raised = program.raised(error)
    finally:
        if recorder:
            recorder.stop()
    _flush()
    channel.send(_loaded(program))
    blocks: list[Floats] = []
    wanted = {name for name, item in given.items() if not item["optional"]}
    channel.send(
        {
            "frame": "ran",
            "raised": raised,
            "unbound": sorted(wanted - program.rebinding.bound),
            "odd": program.rebinding.odd,
            "trace": trace_as_sent(recorder.steps, recorder.count, recorder.last(), blocks) if recorder else None,
            "stores": _put(np.array(stores.values), blocks) if stores else None,
            "finals": {name: as_sent(program.names[name], blocks) for name in job["finals"] if name in program.names},
        },
        blocks,
    )


def trace_as_sent(
    steps: Sequence[Step], count: int, last: Sequence[Floats | None], blocks: list[Floats]
) -> dict[str, Any]:
    """Describe what a recorder has kept: its steps, how many there were, and the last leaves' values."""
    stacks = Stacks(blocks)
    stretches = [_stretch_as_sent(list(steps), stacks) for _, steps in groupby(steps, _kinds_in)]
    stacks.close()
    return {"stretches": stretches, "count": count, "last": [_put(leaf, blocks) for leaf in last]}


def _kinds_in(step: Step) -> list[Any]:
    """Return what two steps have to have in common to be described together."""
    root, leaves = step
    return [kind_of(root), [tuple(map(kind_of, taken)) for _, *taken in leaves]]


def _stretch_as_sent(steps: list[Step], stacks: Stacks) -> dict[str, Any]:
    """Describe steps that are alike: what each of them holds lies row by row."""
    leaves = []
    for column in zip(*(leaves for _, leaves in steps), strict=True):
        ids, *taken = zip(*column, strict=True)
        before, fresh, after = map(stacks.put, taken)
        leaves.append({"ids": ids, "before": before, "fresh": fresh, "after": after})
    return {"count": len(steps), "root": stacks.put([root for root, _ in steps]), "leaves": leaves}


def _loaded(program: Program) -> dict[str, Any]:
    own = [name for name in list(program.names) if not name.startswith("__")][:_MOST_NAMES]
    functions = {name: _parameters(program.names[name]) for name in own if _is_function(program.names[name])}
    names = [name[:200] for name in own if not isinstance(program.names[name], types.ModuleType)]
    return {"frame": "loaded", "names": names, "functions": functions, "skipped": program.skipped[:20]}


def _is_function(thing: object) -> bool:
    return isinstance(thing, types.FunctionType)


def _parameters(function: Any) -> str:
    code = function.__code__
    return ", ".join(code.co_varnames[: code.co_argcount])[:500]


def _answer(channel: Channel, program: Program, probe: dict[str, Any]) -> None:
    refusal = give(program, probe)
    function = program.names.get(probe["call"]["function"])
    if refusal is None and not callable(function):
        refusal = {"missing": probe["call"]["function"]}
    if refusal is None:
        inputs = inputs_of(program, probe)
        arguments = [inputs[name] for name in probe["call"]["arguments"]]
        if _is_function(function) and not _accepts(function, arguments):
            refusal = {"signature": _parameters(function)}
    if refusal is not None:
        channel.send({"frame": "called", **refusal})
        return
    try:
        result = called(function, arguments)
    except BaseException as error:
        channel.send({"frame": "called", "raised": program.raised(error)})
        return
    _send_result(channel, program, probe, result, inputs)


def called(function: Any, arguments: list[Any]) -> Any:
    """Call it as it is asked, or where it only takes tensors, with one-element tensors in place of plain numbers."""
    try:
        return function(*arguments)
    except (TypeError, AttributeError) as error:
        torch = torch_or_none()
        if torch is None or not any(isinstance(a, int | float) for a in arguments):
            raise
        try:
            return function(*(torch.tensor([float(a)]) if isinstance(a, int | float) else a for a in arguments))
        except BaseException:
            raise error from None


def give(program: Program, probe: dict[str, Any]) -> dict[str, Any] | None:
    """Set the given names; return what to report where one cannot be."""
    unbound = [item["name"] for item in probe["given"] if item["name"] not in program.names and not item["optional"]]
    if unbound:
        return {"unbound": unbound}
    odd = [item["name"] for item in probe["given"] if item["name"] in program.names and program.assign(item)]
    return {"unbound": odd} if odd else None


def _send_result(
    channel: Channel, program: Program, probe: dict[str, Any], result: Any, inputs: dict[str, Any]
) -> None:
    outputs = outputs_of(result)
    blocks: list[Floats] = []
    channel.send({"frame": "called", "values": [as_sent(output, blocks) for output in outputs]}, blocks)
    if probe["gradients"]:
        # Sent by the host only now: what is multiplied with the gradients was unknown when the outputs were made.
        cotangents = channel.receive()["cotangents"]
        named = {name: inputs.get(name, program.names.get(name)) for name in probe["gradients"]}
        _send_gradients(channel, program, outputs, cotangents, named)


def outputs_of(result: Any) -> list[Any]:
    """Return what is compared of a result. A tuple around one tensor is no tensor; of several each counts."""
    several = isinstance(result, tuple) and any(is_tensor(part) for part in result)
    return list(result)[:32] if several and len(result) > 1 else [_Tuple() if several else result]


class _Tuple:
    """Stands for a result that is a tuple of one; its name is what the message calls it."""


_Tuple.__name__ = "tuple"


def _send_gradients(
    channel: Channel, program: Program, outputs: list[Any], cotangents: list[list[float] | None], named: dict[str, Any]
) -> None:
    able = {name: thing for name, thing in named.items() if is_tensor(thing) and thing.requires_grad}
    blocks: list[Floats] = []
    frame: dict[str, Any] = {"frame": "gradients", "not_required": sorted(set(named) - set(able))}
    try:
        gradients = _vjp(outputs, cotangents, list(able.values()))
        numbers = [None if gradient is None else tensor_numbers(gradient) for gradient in gradients]
        frame["gradients"] = {name: _put(numbers[i], blocks) for i, name in enumerate(able)}
    except BaseException as error:
        frame["raised"] = program.raised(error)
    channel.send(frame, blocks)


def _vjp(outputs: list[Any], cotangents: list[list[float] | None], inputs: list[Any]) -> list[Any]:
    import torch
    from torch.autograd.variable import Variable

    roots = [
        (output, torch.tensor(cotangent, dtype=output.dtype).reshape(output.shape))
        for output, cotangent in zip(outputs, cotangents, strict=True)
        if is_tensor(output) and cotangent is not None and output.requires_grad
    ]
    if not roots or not inputs:
        return [None] * len(inputs)
    # As torch.autograd.grad does, which first imports sympy, half a second, to look at the shapes.
    engine: Any = Variable._execution_engine
    tensors, vectors = zip(*roots, strict=True)
    keep_graph = create_graph = False
    return list(
        engine.run_backward(
            tensors, vectors, keep_graph, create_graph, tuple(inputs), allow_unreachable=True, accumulate_grad=False
        )
    )


def _accepts(function: Any, arguments: list[Any]) -> bool:
    code: types.CodeType = function.__code__
    if not function.__dict__ and not code.co_kwonlyargcount and not code.co_flags & inspect.CO_VARARGS:
        least = code.co_argcount - len(function.__defaults__ or ())
        return least <= len(arguments) <= code.co_argcount
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def inputs_of(program: Program, probe: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a probe, by name."""
    drawn = {
        item["name"]: _argument(program, item, item["name"] in probe["gradients"])
        for item in probe["args"]
        if item["expression"] is None
    }
    return with_computed(program, probe, drawn)


def with_computed(program: Program, probe: dict[str, Any], inputs: dict[str, Any], but: str = "") -> dict[str, Any]:
    """Return the arguments with those that are made from others, all made anew `but` one."""
    inputs = dict(inputs)
    for item in probe["args"]:
        if item["expression"] is not None and item["name"] != but:
            inputs[item["name"]] = compute(parse(item["expression"]), {**program.names, **inputs})
    return inputs


def _argument(program: Program, item: dict[str, Any], requires_grad: bool) -> Any:
    """Return an argument; a program whose data are tensors gets a tensor like one of their elements."""
    if item["like"] in program.names and not item["shape"]:
        try:
            element = program.names[item["like"]][0]
            return adapted(element, item["numbers"], [])
        # Whatever it is, it holds no numbers: the argument is then made as for everybody.
        except Exception:
            pass
    return argument(item["numbers"], item["shape"], requires_grad)


def _graph_answers(job: dict[str, Any]) -> list[float]:
    """Build the graph in float64 with torch and return autograd's answer to each question."""
    import torch

    values: dict[str, Any] = {
        name: torch.tensor(number, dtype=torch.float64, requires_grad=True) for name, number in job["at"]
    }
    for name, text in job["nodes"]:
        node = compute(parse(text), values)
        values[name] = node if is_tensor(node) else torch.tensor(float(node), dtype=torch.float64, requires_grad=True)
    tops: dict[str, list[tuple[Any, float]]] = {}
    for of, node, value in job["arriving"]:
        tops.setdefault(of, []).append((values[node], value))
    return [_graph_answer(question, values, tops) for question in job["questions"]]


def _graph_answer(question: list[str], values: dict[str, Any], tops: dict[str, list[tuple[Any, float]]]) -> float:
    import torch

    if len(question) == 1:
        return float(values[question[0]])
    of, by = question
    roots = tops.get(of) or [(values[of], 1.0)]
    total = 0.0
    for root, weight in roots:
        if root is values[by]:
            total += weight
        elif root.requires_grad:
            (slope,) = torch.autograd.grad(root, values[by], retain_graph=True, allow_unused=True)
            total += 0.0 if slope is None else weight * float(slope)
    return total


def compute(expression: Expression, values: dict[str, Any]) -> Any:
    """Return `expression` computed with whatever objects `values` holds: numbers, tensors."""
    match expression:
        case Number(value):
            return value
        case Name(name):
            return values[name]
        case Negative(operand):
            return -compute(operand, values)
        case Apply(function, operand):
            import torch

            inner = compute(operand, values)
            return getattr(torch, function)(inner if is_tensor(inner) else torch.tensor(inner))
        case Binary(operator, left, right):
            a, b = compute(left, values), compute(right, values)
            match operator:
                case "+":
                    return a + b
                case "-":
                    return a - b
                case "*":
                    return a * b
                case "/":
                    return a / b
                case _:
                    return a**b


def _put(numbers: Floats | None, blocks: list[Floats]) -> str | None:
    if numbers is None:
        return None
    blocks.append(numbers)
    return str(len(blocks) - 1)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        # The submission may have put anything there.
        except BaseException:
            pass
