"""What course.yaml says of single sign-on: whom the course's server believes, and about what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.core.people.person import Role

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
        staff: who is a teacher or an assistant without being on the roster, by what the claim says of them.
    """

    issuer: str
    client: str
    claim: str = EMAIL
    domains: tuple[str, ...] = ()
    algorithm: str = ALGORITHMS[0]
    staff: Mapping[str, Role] = field(default_factory=dict)

    def role_of(self, said: str) -> Role | None:
        """Return what somebody is of whom the claim says this; None where `staff` does not name them."""
        return next((role for name, role in self.staff.items() if is_same(name, said)), None)


def is_same(ours: str, said: str) -> bool:
    """Return whether a provider names somebody as we do; capitals aside, in plain letters only.

    Others may turn into plain ones when capitals go, as the Kelvin sign into a k: that is another address, and may be
    another person's.
    """
    ours, said = ours.strip(), said.strip()
    if not ours:
        return False
    return ours == said or (ours.isascii() and said.isascii() and ours.lower() == said.lower())
