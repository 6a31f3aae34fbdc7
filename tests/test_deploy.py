"""What runs a course elsewhere: its files are of their format, and each command in them is there with its options."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from repository import ROOT

from grader.cli.app import build

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
WITH_SIGN_ON = yaml.safe_load((DEPLOY / "compose.oidc.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
UNITS = {name: (DEPLOY / f"course-{name}.service").read_text(encoding="utf-8") for name in ("web", "grading")}
SIGN_ON = (DEPLOY / "course-web-oidc.conf").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")


def started(unit: str) -> list[str]:
    (line,) = re.findall(r"^ExecStart=/opt/course/bin/course (.*)$", unit, re.MULTILINE)
    return shlex.split(line)


def commands() -> Iterator[tuple[str, list[str]]]:
    for name in ("web", "grading"):
        yield f"compose {name}", SERVICES[name]["command"]
        yield f"systemd {name}", started(UNITS[name])
    yield "compose with single sign-on", WITH_SIGN_ON["services"]["web"]["command"]
    yield "systemd with single sign-on", started(SIGN_ON)
    yield "Dockerfile", json.loads(DOCKERFILE.partition("\nCMD ")[2])
    # What an administrator types may be for a container.
    for line in re.findall(r"^ {4}(?:docker compose .* exec \w+ )?course ((?!-).+)$", PAGE, re.MULTILINE):
        yield f"server.md: {line}", shlex.split(line)


@pytest.mark.parametrize(("arguments"), [pytest.param(found, id=name) for name, found in commands()])
def test_every_command_is_there_and_takes_these_options(arguments: list[str]) -> None:
    word, *rest = arguments
    group = build()
    command = group.get_command(None, word)  # type: ignore[arg-type]
    assert command is not None, word
    command.make_context(word, rest)


def test_the_page_has_commands_to_hold_it_to() -> None:
    words = {found[0] for name, found in commands() if name.startswith("server.md")}
    assert words >= {"serve", "grade", "links", "backup", "restore", "erase"}


@pytest.mark.parametrize("name", ["compose.yaml", "compose.oidc.yaml"])
def test_the_compose_files_are_such(name: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, DEPLOY / name], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_secret_is_for_grading_alone_and_a_port_for_the_pages_alone() -> None:
    holders = {name for name, each in SERVICES.items() if "course.secret" in json.dumps(each.get("secrets", []))}
    assert holders == {"grading"} and "COURSE_SECRET" not in UNITS["web"]
    assert {name for name, each in SERVICES.items() if "ports" in each} == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])
    assert SERVICES["grading"]["networks"] == ["inside"] and COMPOSE["networks"]["inside"]["internal"] is True


def test_the_secret_of_single_sign_on_is_a_file_for_the_pages_alone() -> None:
    assert set(WITH_SIGN_ON) == {"services", "secrets"} and set(WITH_SIGN_ON["services"]) == {"web"}
    assert WITH_SIGN_ON["services"]["web"]["secrets"] == ["oidc.secret"]
    assert WITH_SIGN_ON["secrets"] == {"oidc.secret": {"file": "secrets/oidc.secret"}}
    loaded = re.findall(r"^LoadCredential=(.*)$", SIGN_ON, re.MULTILINE)
    assert loaded == ["oidc-secret:/etc/course/oidc-secret"]
    assert "oidc" not in json.dumps(SERVICES["grading"]) + UNITS["grading"] and "Environment" not in SIGN_ON
    # Who reads these files in a repository reads no secret.
    ignored = subprocess.run(["git", "check-ignore", "deploy/secrets/oidc.secret"], cwd=ROOT, capture_output=True)
    assert ignored.returncode == 0


@pytest.mark.parametrize(
    ("with_it", "without", "file"),
    [
        (WITH_SIGN_ON["services"]["web"]["command"], SERVICES["web"]["command"], "/run/secrets/oidc.secret"),
        (started(SIGN_ON), started(UNITS["web"]), "%d/oidc-secret"),
    ],
    ids=["compose", "systemd"],
)
def test_single_sign_on_adds_its_secret_and_nothing_else(with_it: list[str], without: list[str], file: str) -> None:
    assert with_it == [*without, "--oidc-secret", file]


@pytest.mark.parametrize("name", ["web", "grading"])
def test_containers_of_ours_have_users_of_their_own_no_capability_and_write_nowhere(name: str) -> None:
    each = SERVICES[name]
    assert each["user"] == {"web": "10001:10001", "grading": "10002:10002"}[name]
    assert f"useradd --uid {each['user'][:5]}" in DOCKERFILE
    assert each["read_only"] and each["cap_drop"] == ["ALL"] and "no-new-privileges:true" in each["security_opt"]
    assert all(volume.endswith(":ro") or volume.startswith("cache:") for volume in each["volumes"])


def test_only_grading_may_make_the_namespaces_of_the_box() -> None:
    assert [name for name, each in SERVICES.items() if "seccomp=unconfined" in each.get("security_opt", [])] == [
        "grading"
    ]
    # Each of these breaks the box.
    breaks = ("ProtectKernelTunables", "ProtectKernelLogs", "ProcSubset", "ProtectHostname")
    for setting in breaks:
        assert re.search(f"^{setting}=", UNITS["web"], re.MULTILINE)
        assert not re.search(f"^{setting}=", UNITS["grading"], re.MULTILINE)


def test_the_grading_unit_has_the_settings_with_which_a_verdict_came_and_no_others() -> None:
    # Tried with systemd 252 itself, each alone and all together. Another one has to be tried like that first.
    settings = re.findall(r"^(\w+=.*)$", UNITS["grading"].partition("UMask=0077")[2], re.MULTILINE)
    assert settings[:-1] == [
        "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
        "PrivateDevices=yes", "PrivateIPC=yes", "ProtectClock=yes", "ProtectControlGroups=yes",
        "ProtectKernelModules=yes", "ProtectProc=invisible", "RestrictRealtime=yes", "RestrictSUIDSGID=yes",
        "LockPersonality=yes", "RemoveIPC=yes", "KeyringMode=private", "SystemCallArchitectures=native",
        "RestrictNamespaces=user pid net ipc uts mnt",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
        "SystemCallFilter=~@clock @cpu-emulation @debug @module @obsolete @raw-io @reboot @swap",
        "SystemCallErrorNumber=EPERM",
    ]  # fmt: skip
    assert set(SERVICES["grading"]["security_opt"]) == {
        "no-new-privileges:true", "seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"
    }  # fmt: skip


def test_the_image_is_built_from_files_that_are_there_and_let_in() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    copied = [words.split()[:-1] for words in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)]
    named = {name for names in copied for name in names}
    assert "*" in ignored and named == let_in and all((ROOT / name).exists() for name in named)
    extras = re.search(r"whl\)\[([\w,]+)\]", DOCKERFILE)
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert extras and set(extras[1].split(",")) <= set(known)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="NOT TESTED HERE: there is no systemd-analyze")
@pytest.mark.parametrize(("name", "more"), [("web", ""), ("web", SIGN_ON), ("grading", "")])
def test_systemd_understands_the_units(name: str, more: str, tmp_path: Path) -> None:
    # It looks whether the program is there.
    unit = tmp_path / f"course-{name}.service"
    unit.write_text(f"{UNITS[name]}\n{more}".replace("/opt/course/bin/course", sys.executable), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
    assert done.returncode == 0 and unit.name not in done.stderr, done.stderr
