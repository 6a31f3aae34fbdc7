"""What course.yaml says of single sign-on: whom the course's server believes, and about what."""

from __future__ import annotations

from dataclasses import dataclass

# Signatures that only the provider can make. Those by a shared secret, and none at all, are never believed.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
EMAIL = "email"


@dataclass(frozen=True)
class SingleSignOn:
    """A provider of OpenID Connect, and how its people are found on the roster.

    Attributes:
        issuer: the provider, spelled as its tokens name it.
        client: what the course is called there.
        claim: `email`, believed where the provider has verified it and compared with the roster's e-mail; or another
            one, compared with the roster's id.
        domains: whose e-mail addresses are believed; empty for all that the roster has.
        algorithm: how tokens are signed.
    """

    issuer: str
    client: str
    claim: str = EMAIL
    domains: tuple[str, ...] = ()
    algorithm: str = ALGORITHMS[0]
