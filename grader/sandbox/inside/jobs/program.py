"""Runs a submission, or our own solution: answers the probes, and sends what the recordings hold."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from grader.sandbox.inside.asking.calls import PreparedCall, Refused, prepared_call
from grader.sandbox.inside.asking.modules import Fit, fitted, is_module, parameters_of
from grader.sandbox.inside.channel import Blocks, Channel
from grader.sandbox.inside.jobs.training import begin_training, train
from grader.sandbox.inside.program.environment.by_hand import without_backward, without_transforms
from grader.sandbox.inside.program.environment.device import opened
from grader.sandbox.inside.program.parts import Part, parts_of
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.start import flush, prepare
from grader.sandbox.inside.recorders import OF_A_CALL, OF_A_RUN
from grader.sandbox.inside.recorders.costs import counted
from grader.sandbox.inside.recorders.draws import draws_as_sent
from grader.sandbox.inside.recorders.gradients import gradients_as_sent
from grader.sandbox.inside.recorders.recorder import RunRecorder
from grader.sandbox.inside.recorders.values import outputs_as_sent


def serve_program(channel: Channel, job: dict[str, Any]) -> None:
    """Load a program, as a script or only its definitions, then answer probe after probe."""
    prepare(job["dtype"])
    if "device" in job:
        there = opened(job["device"])
        channel.send({"frame": "opened", "opened": there})
        if not there:
            return
    program = Program(job)
    by_hand = job.get("by_hand", False)
    if by_hand:
        without_transforms()
    counter = begin_training(job["training"], job["script"]) if "training" in job else None
    try:
        if job["script"]:
            _run_script(channel, program, job)
        if by_hand:
            without_backward()
        if not job["script"]:
            _run_definitions(channel, program, job)
        if counter is not None:
            train(channel, program, job["training"], counter)
            flush()
        while (probe := channel.receive()).get("call"):
            _answer(channel, program, probe)
    finally:
        if counter is not None:
            counter.stop()
    flush()


def _run_definitions(channel: Channel, program: Program, job: dict[str, Any]) -> None:
    program.run_definitions()
    channel.send(program.loaded())
    if job["finals"]:
        blocks: Blocks = []
        finals = OF_A_RUN["finals"](job["finals"]).as_sent(program.names, blocks)
        channel.send({"frame": "ran", "finals": finals}, blocks)


def _run_script(channel: Channel, program: Program, job: dict[str, Any]) -> None:
    given = {item["name"]: item for item in job["given"]}
    recorders = {name: recorder(job[name]) for name, recorder in OF_A_RUN.items() if job[name]}
    raised = _recorded_run(program, given, recorders.values())
    flush()
    channel.send(program.loaded())
    blocks: Blocks = []
    wanted = {name for name, item in given.items() if not item["optional"]}
    frame = {
        "frame": "ran",
        "raised": raised,
        "unbound": sorted(wanted - program.rebinding.bound),
        "odd": program.rebinding.odd,
        "longer": program.rebinding.longer,
        **{name: recorder.as_sent(program.names, blocks) for name, recorder in recorders.items()},
    }
    channel.send(frame, blocks)


def _recorded_run(
    program: Program, given: dict[str, dict[str, Any]], recorders: Collection[RunRecorder]
) -> dict[str, Any] | None:
    """Run the whole program; return the exception that ended it."""
    passes = [each for recorder in recorders for each in recorder.passes()]
    for recorder in recorders:
        recorder.start()
    try:
        program.run_script(given, passes)
    except SystemExit as error:
        # exit() at the end of a program is an ordinary way to end it.
        return None if error.code in (None, 0) else program.raised(error)
    except BaseException as error:
        return program.raised(error)
    finally:
        for recorder in recorders:
            recorder.stop()
    return None


def _answer(channel: Channel, program: Program, probe: dict[str, Any]) -> None:
    blocks: Blocks = []
    try:
        call = prepared_call(program, probe)
        if isinstance(call, Refused):
            channel.send({"frame": "called", **call.why})
            return
        result, cost = counted(call.result, probe["cost"]) if probe.get("cost") else (call.result(), {})
        outputs = parts_of(result)
        records = {name: record(outputs, blocks) for name, record in OF_A_CALL.items()}
        if cost:
            records["cost"] = cost
        if probe.get("after"):
            records["after"] = {
                each: outputs_as_sent(parts_of(call.scope.value(each)), blocks) for each in probe["after"]
            }
        if probe.get("draws"):
            count, seed = probe["draws"]
            records["draws"] = draws_as_sent(call.result, count, seed, blocks)
    except BaseException as error:
        channel.send({"frame": "called", "raised": program.raised(error)})
        return
    if call.fits:
        records["layouts"] = {name: [(fit.slot, fit.shape) for fit in fits] for name, fits in call.fits.items()}
    channel.send({"frame": "called", **records}, blocks)
    if probe["gradients"]:
        _send_gradients(channel, program, probe, call, outputs)


def _send_gradients(
    channel: Channel, program: Program, probe: dict[str, Any], call: PreparedCall, outputs: list[Part]
) -> None:
    # Sent by the host only now: what is multiplied with the gradients was unknown when the outputs were made.
    cotangents = channel.receive()["cotangents"]
    named: dict[str, Any] = {}
    shaped: dict[str, Fit] = {}
    for name in probe["gradients"]:
        thing = call.inputs.get(name, program.names.get(name))
        if not is_module(thing):
            named[name] = thing
            continue
        fits = call.fits.get(name) or fitted(parameters_of(thing), None, list) or []
        shaped |= {f"{name}.{fit.slot}": fit for fit in fits}
    named |= {name: fit.parameter for name, fit in shaped.items()}
    blocks: Blocks = []
    things = [output.thing for output in outputs]
    gradients = gradients_as_sent(program, things, cotangents, named, shaped, blocks)
    channel.send({"frame": "gradients", **gradients}, blocks)
