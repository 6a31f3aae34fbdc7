"""What a child is told: jobs and probes."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from grader.core.autodiff.expression import unparse
from grader.core.autodiff.graph import Derivative
from grader.core.course.given_files import GivenFile, modules_among
from grader.core.course.packages import ALWAYS, modules_of
from grader.core.run.jobs import AuthorTestsJob, FilesJob, GradcheckJob, GraphJob, Job
from grader.core.run.probe import Input, Probe
from grader.core.run.trained import Training


def to_child(content: Mapping[str, Any]) -> bytes:
    """Return the bytes of one frame to the child."""
    body = msgspec.json.encode(content)
    return struct.pack(">I", len(body)) + body


def job_content(job: Job, scratch: str, marked: bool = False) -> dict[str, Any]:
    """Return what the child is told of `job`. Probes follow one at a time; seeds never.

    Args:
        marked: let the child mark where this job's output ends, because another job follows.
    """
    if isinstance(job, GraphJob):
        return {
            "kind": "graph",
            "scratch": scratch,
            "at": job.at,
            "nodes": [(node.name, unparse(node.expression)) for node in job.graph.nodes],
            "arriving": [(top.of, top.node, top.value) for top in job.graph.arriving],
            "questions": [[q.of, q.by] if isinstance(q, Derivative) else [q.name] for q in job.questions],
            "marked": marked,
        }
    if isinstance(job, FilesJob):
        told = {"text": job.text, "seed": job.seed, "names": job.names}
        return {"kind": "files", "scratch": scratch, "marked": marked, **told}
    if isinstance(job, AuthorTestsJob):
        raise TypeError("author tests are two conversations")
    if isinstance(job, GradcheckJob):
        probes = [probe_content(probe) for probe in job.program.probes]
        return {**job_content(job.program, scratch, marked), "kind": "gradcheck", "probes": probes}
    return {
        "kind": "program",
        "scratch": scratch,
        "source": job.source,
        "filename": job.filename,
        "script": job.script,
        "given": _inputs(job.given),
        "stores": job.stores,
        "trace": job.trace,
        "finals": job.finals,
        "dtype": job.dtype,
        "marked": marked,
        **({"by_hand": True} if job.by_hand else {}),
        **({"ask": job.ask} if job.ask else {}),
        **({"without": job.without} if job.without else {}),
        **({"training": _training(job.training)} if job.training is not None else {}),
        **_packages(job.packages, job.files),
        **_files(job.files),
        **({"main": job.main} if job.main else {}),
        **({"device": job.device} if job.device else {}),
    }


def probe_content(probe: Probe) -> dict[str, Any]:
    """Return what the child is told of one probe: everything but its seed."""
    return {
        "call": {"function": probe.call.function, "arguments": probe.call.arguments, **_expression(probe)},
        "given": _inputs(probe.given),
        "args": _inputs(probe.args),
        "gradients": probe.gradients,
        **_objects(probe),
    }


def _expression(probe: Probe) -> dict[str, Any]:
    return {"expression": probe.call.expression} if probe.call.expression else {}


def _objects(probe: Probe) -> dict[str, Any]:
    """Return what is told of a probe that makes objects, or asks for more than a call's value."""
    told: dict[str, Any] = {}
    if probe.call.expression or probe.let:
        told["wanted"] = probe.wanted
    if probe.let:
        told["let"] = probe.let
    if probe.modules:
        told["modules"] = [
            {
                "name": each.name,
                "distribution": each.distribution,
                "seed": each.seed.hex(),
                "layout": each.layout,
            }
            for each in probe.modules
        ]
    if probe.draws[0]:
        told["draws"] = probe.draws
    if probe.cost:
        told["cost"] = probe.cost
    if probe.after:
        told["after"] = probe.after
    if probe.device:
        told["device"] = probe.device
    return told


def _training(training: Training) -> dict[str, Any]:
    return {
        "inputs": _inputs(training.inputs),
        "let": training.let,
        "wanted": training.wanted,
        "seed": training.seed,
        "most": training.most,
    }


def program_content(job: AuthorTestsJob, scratch: str) -> dict[str, Any]:
    """Return what the program's child is told: nothing of the tests."""
    return {
        "kind": "tested",
        "scratch": scratch,
        "source": job.source,
        "filename": job.filename,
        "definitions": job.definitions,
        **({"without": job.without} if job.without else {}),
        **_packages(job.packages, job.given_files),
        **_files(job.given_files),
        **({"main": job.main} if job.main else {}),
    }


def tests_content(job: AuthorTestsJob, scratch: str) -> dict[str, Any]:
    """Return what the tests' child is told: nothing of the program."""
    told = {"kind": "author_tests", "scratch": scratch, "files": job.files, "chosen": job.chosen}
    return {**told, **_files(job.given_files)}


def _files(files: Iterable[GivenFile]) -> dict[str, Any]:
    """Return what is told of the files that lie where a program works."""
    told = [(file.name, base64.b64encode(file.content).decode()) for file in files]
    return {"given_files": told} if told else {}


def _packages(packages: tuple[str, ...] | None, files: tuple[GivenFile, ...]) -> dict[str, Any]:
    """Return what is told of the packages that may be imported: their names for people, and their modules."""
    if packages is None:
        return {}
    return {"packages": (*ALWAYS, *packages), "modules": (*modules_of(packages), *modules_among(files))}


def _inputs(inputs: tuple[Input, ...]) -> list[dict[str, Any]]:
    return [
        {
            "name": item.name,
            "shape": item.array.shape if item.array else (),
            "numbers": item.array.numbers if item.array else (),
            "expression": unparse(item.expression) if item.expression else None,
            "parameter": item.parameter,
            "optional": item.optional,
            "like": item.like,
            **({"rows": item.array.rows} if item.array and item.array.rows else {}),
            **({"dtype": item.array.dtype} if item.array and item.array.dtype else {}),
            **({"arrays": item.arrays} if item.arrays != "torch" else {}),
        }
        for item in inputs
    ]
