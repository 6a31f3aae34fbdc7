"""Reads the device on which a check is tried once more."""

from __future__ import annotations

from grader.core.course.checks.device import COMPARABLE, DEVICE, DEVICES, Device
from grader.core.course.exercise import Check
from grader.core.words.message import say
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading


def read_device(reading: Reading, node: y.Node) -> Device | None:
    """Read `cuda`, or `{name: cuda, required: true}`."""
    if not isinstance(node, y.Mapping):
        word = reading.word(node, DEVICES)
        return Device(word) if word is not None else None
    values = reading.fields(node, {"name": lambda name: reading.word(name, DEVICES)}, {"required": reading.truth})
    name = values.get("name")
    return Device(str(name), bool(values.get("required", False))) if name is not None else None


def hold_device(reading: Reading, node: y.Mapping, check: Check) -> None:
    """Hold a check that is tried on a device to what can be tried there."""
    if check.device is None:
        return
    at = node.get("device") or node
    recorded = {each.what for item in check.compare for each in item.recordings()}
    whole = not check.calls or check.script or check.data is not None
    if whole or not recorded <= {*COMPARABLE} or check.given.keys() - check.modules.keys():
        reading.fault(
            at,
            say(
                "on a device a call is tried, and what it gives or leaves behind is compared; not whole runs, names "
                "that are given, trainings, chance or costs"
            ),
        )
    if check.arrays != "torch":
        reading.fault(at, say("on a device there are tensors; {arrays} is not one", arrays=check.arrays))
    if DEVICE in (*check.args, *check.let, *check.given):
        reading.fault(at, say("{name} is the device in this check; call the input by another name", name=DEVICE))
