"""Reads the part `oidc` of course.yaml."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from grader.core.course.single_sign_on import ALGORITHMS, EMAIL, SingleSignOn, is_same
from grader.core.people.person import Role
from grader.core.words.message import say
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading, kind

_DOMAIN = r"([a-z0-9-]+\.)+[a-z0-9-]+"


def read_single_sign_on(reading: Reading, node: y.Node) -> SingleSignOn | None:
    """Read which provider of OpenID Connect people come in by."""
    values = reading.fields(
        node,
        {"issuer": lambda url: _issuer(reading, url), "client": lambda id: reading.id(id, r"\S{1,200}", "course")},
        {
            "claim": lambda name: reading.id(name, r"[A-Za-z_][\w.:/-]*", EMAIL),
            "domains": lambda names: reading.sequence(names, lambda one: reading.id(one, _DOMAIN, "example.org")),
            "algorithm": lambda name: reading.id(name, "|".join(ALGORITHMS), ALGORITHMS[0]),
            "staff": lambda people: _staff(reading, people),
        },
    )
    issuer, client = values.get("issuer"), values.get("client")
    if not isinstance(issuer, str) or not isinstance(client, str):
        return None
    claim, domains = values.get("claim") or EMAIL, values.get("domains") or ()
    algorithm = values.get("algorithm") or ALGORITHMS[0]
    staff = values.get("staff") or {}
    return SingleSignOn(issuer, client, str(claim), domains, str(algorithm), staff)  # type: ignore[arg-type]


def _staff(reading: Reading, node: y.Node) -> dict[str, Role]:
    if not isinstance(node, y.Mapping):
        example = "{nodira@example.org: teacher}"
        reading.fault(node, say("found {found}; write it as {example}", found=kind(node), example=example))
        return {}
    found: dict[str, Role] = {}
    for name, role in node.entries:
        told = reading.word(role, [each.value for each in Role if each is not Role.STUDENT])
        if any(is_same(name.text, other) for other in found):
            reading.fault(name, say("{name} is under staff twice", name=name.text))
        elif told is not None:
            found[name.text.strip()] = Role(told)
    return found


def _issuer(reading: Reading, node: y.Node) -> str | None:
    scalar = reading.scalar(node, say("an address such as {example}", example="https://login.example.org"))
    if not isinstance(scalar, y.Scalar):
        return None
    url = scalar.text.strip()
    if not is_protected(url) or urlsplit(url).query or urlsplit(url).fragment:
        reading.fault(node, say("the provider's address begins with https://, as {example}",
                                example="https://login.example.org"))  # fmt: skip
        return None
    return url


def is_protected(url: str) -> bool:
    """Return whether nobody on the way can change what comes from there: through TLS, or of this machine itself."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme == "http":
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        return parts.scheme == "https" and bool(host) and parts.username is None
    except ValueError:
        return False
