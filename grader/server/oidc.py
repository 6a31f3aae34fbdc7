"""OpenID Connect: what is asked of the provider that course.yaml names, and what of its answers is believed.

Code flow with PKCE, after OpenID Connect Core 1.0 (3.1) and RFC 9700. Authlib speaks with the provider and checks the
claims, joserfc the signature.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from grader.core.course.single_sign_on import EMAIL, SingleSignOn
from grader.core.words.message import clean
from grader.store.course.single_sign_on import is_protected

# Seconds: for an answer; that clocks may differ; that somebody may take to log in at the provider; that what is known
# of the provider is kept; and before its keys are asked for again because a token names another one.
_SECONDS, _LEEWAY, FLOW_LASTS, _KEPT, _KEYS_AGAIN = 10.0, 30, 600, 3600.0, 60.0
_LONGEST, _LONGEST_NAME = 20_000, 200
# How many logins are asked about at once, and how many seconds another one waits for its turn.
_AT_ONCE, _TURN = 8, 3.0


class NotBelieved(Exception):
    """The provider's answer is none to what was asked here, or not from the provider."""


class Away(Exception):
    """The provider does not answer as it should."""


@dataclass(frozen=True)
class Known:
    """Whom the provider has let in.

    Attributes:
        subject: its own name for somebody, for good.
        email: only where it is verified and of a domain that is believed; otherwise empty.
        claim: of the claim that course.yaml names, where that is not the e-mail.
        name: what people call them, in their own words; empty where the provider does not say.
    """

    subject: str
    email: str
    claim: str
    name: str = ""


@dataclass
class Provider:
    """A provider of OpenID Connect.

    Args:
        secret: of the client.
        returns: where the provider sends people back to.
    """

    settings: SingleSignOn
    secret: str = field(repr=False)
    returns: str
    _about: tuple[float, Mapping[str, Any]] = (-_KEPT, {})
    _keys: tuple[float, KeySet | None] = (-_KEPT, None)
    _asking: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE), repr=False
    )
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def address(self, flow: str) -> str:
        """Return where somebody logs in who has this flow in a cookie.

        Raises:
            Away: where the provider does not say.
        """
        about = self._metadata()
        with self._client() as client:
            url, _ = client.create_authorization_url(
                about["authorization_endpoint"],
                _part("state", flow),
                _part("verifier", flow),
                nonce=_part("nonce", flow),
            )
        return str(url)

    def known(self, flow: str, answer: Mapping[str, str]) -> Known:
        """Return whom the provider has let in, by what it sent the browser back with.

        Args:
            flow: of the browser's cookie.

        Raises:
            NotBelieved: where that is no answer to what this browser asked for, or not the provider's.
            Away: where the provider cannot be asked.
        """
        if not _is_fresh(flow) or not secrets.compare_digest(
            answer.get("state", "").encode(), _part("state", flow).encode()
        ):
            raise NotBelieved
        if answer.get("iss", self.settings.issuer) != self.settings.issuer or not answer.get("code"):
            raise NotBelieved
        about = self._metadata()
        # Whoever invents answers must not take all threads of this process to ask the provider about them.
        if not self._asking.acquire(timeout=_TURN):
            raise Away
        try:
            with self._client() as client:
                token = client.fetch_token(
                    about["token_endpoint"], code=answer["code"][:_LONGEST], code_verifier=_part("verifier", flow)
                )
                claims = self._believed(
                    str(token["id_token"]), str(token.get("access_token", "")), _part("nonce", flow)
                )
                wanted = self.settings.claim
                if wanted not in claims and about.get("userinfo_endpoint"):
                    claims = {**self._more(client, about["userinfo_endpoint"], claims["sub"]), **claims}
        except httpx2.HTTPError as error:
            raise Away from error
        except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as error:
            raise NotBelieved from error
        finally:
            self._asking.release()
        return self._known(claims)

    def _known(self, claims: Mapping[str, Any]) -> Known:
        email, value = claims.get("email"), claims.get(self.settings.claim)
        believed = isinstance(email, str) and claims.get("email_verified") is True
        domains = self.settings.domains
        if not believed or (domains and str(email).rpartition("@")[2].casefold() not in domains):
            email = ""
        said = value if isinstance(value, str) and self.settings.claim != EMAIL else ""
        name = claims.get("name")
        return Known(
            claims["sub"], str(email), said, clean(name).strip()[:_LONGEST_NAME] if isinstance(name, str) else ""
        )

    def _believed(self, token: str, access: str, nonce: str) -> Mapping[str, Any]:
        """Return the claims of a token that the provider made for us, now, because this browser asked."""
        if len(token) > _LONGEST:
            raise NotBelieved
        algorithms = [self.settings.algorithm]
        try:
            read = jwt.decode(token, self._key_set(), algorithms)
        except InvalidKeyIdError:
            read = jwt.decode(token, self._key_set(again=True), algorithms)
        options = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        asked = {"nonce": nonce, "client_id": self.settings.client, "access_token": access}
        claims = CodeIDToken(read.claims, read.header, options, asked)
        claims.validate(leeway=_LEEWAY)
        if not claims["sub"] or len(claims["sub"]) > 255:
            raise NotBelieved
        return dict(claims)

    def _more(self, client: Any, endpoint: str, subject: str) -> Mapping[str, Any]:
        answer = client.get(endpoint, follow_redirects=False)
        told = answer.json() if answer.status_code == httpx2.codes.OK else {}
        if not isinstance(told, dict) or told.get("sub") != subject:
            raise NotBelieved
        return told

    def _client(self) -> Any:
        how = {"token_endpoint_auth_method": "client_secret_basic", "code_challenge_method": "S256"}
        return OAuth2Client(
            self.settings.client, self.secret, scope="openid email profile", redirect_uri=self.returns,
            timeout=_SECONDS, follow_redirects=False, **how,
        )  # fmt: skip

    def _metadata(self) -> Mapping[str, Any]:
        """Return what the provider says of itself."""
        with self._lock:
            at, about = self._about
            if time.monotonic() - at >= _KEPT:
                about = _json(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
                wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
                if about.get("issuer") != self.settings.issuer:
                    raise Away
                more = [about["userinfo_endpoint"]] if "userinfo_endpoint" in about else []
                if not all(is_protected(str(url)) for url in (*(about.get(name, "") for name in wanted), *more)):
                    raise Away
                self._about = (time.monotonic(), about)
            return about

    def _key_set(self, again: bool = False) -> KeySet:
        """Return the provider's keys; again, and not too often, where a token names one that is not known."""
        about = self._metadata()
        with self._lock:
            at, keys = self._keys
            if keys is None or time.monotonic() - at >= (_KEYS_AGAIN if again else _KEPT):
                found = [each for each in _json(about["jwks_uri"]).get("keys", []) if each.get("use", "sig") == "sig"]
                keys = KeySet.import_key_set({"keys": found})
                self._keys = (time.monotonic(), keys)
            return keys


def new_flow() -> str:
    """Return what a browser keeps in a cookie while somebody logs in: state, nonce and verifier follow from it."""
    return f"{int(time.time())}.{secrets.token_urlsafe(32)}"


def _is_fresh(flow: str) -> bool:
    at, _, secret = flow.partition(".")
    return bool(at.isascii() and at.isdigit() and secret) and 0 <= time.time() - int(at[:12]) <= FLOW_LASTS


def _part(name: str, flow: str) -> str:
    """Return one of three secrets that nobody can tell from another."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"{name}:{flow}".encode()).digest()).rstrip(b"=").decode()


def _json(url: str) -> dict[str, Any]:
    try:
        answer = httpx2.get(url, timeout=_SECONDS, follow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise Away from error
    if not isinstance(found, dict):
        raise Away
    return found
