"""Which server the command line talks to, and as whom."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import typer

from lumiku_client._models import Session

WORKSPACE = "LUMIKU_WORKSPACE"


@dataclass(frozen=True)
class Account:
    """A server and what is known to log in there."""

    api_url: str | None = None
    email: str | None = None
    token: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    workspace: str | None = None


def config_folder() -> Path:
    """Where the command line keeps things of its own, by the custom of the platform."""
    return Path(typer.get_app_dir("lumiku"))


def config_file() -> Path:
    """Where `login` keeps the tokens."""
    return config_folder() / "login.json"


def language(environ: Mapping[str, str] = os.environ) -> str | None:
    """What the server shall speak: Indonesian where the locale does, else what it likes."""
    named = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "id" if next(filter(None, named), "").startswith("id") else None


def load(api_url: str | None, environ: Mapping[str, str] = os.environ) -> Account:
    """The account to use: an address that is given, then the environment, then the last login.

    A stored token goes only to the server that gave it, and only if the environment names nobody.
    The environment alone says for which workspace.
    """
    return replace(_load(api_url, environ), workspace=environ.get(WORKSPACE) or None)


def _load(api_url: str | None, environ: Mapping[str, str]) -> Account:
    stored = _stored()
    url = api_url or environ.get("LUMIKU_API_URL") or stored.api_url
    if api_key := environ.get("LUMIKU_API_KEY"):
        return Account(url, api_key=api_key)
    token, email, password = (
        environ.get(f"LUMIKU_{name}") or None for name in ("TOKEN", "EMAIL", "PASSWORD")
    )
    if token or (email and password):
        return Account(url, email, token, password)
    if url == stored.api_url and email in (None, stored.email):
        return Account(url, stored.email, stored.token, password, stored.refresh_token)
    return Account(url, email, None, password)


def store(account: Account) -> Path:
    """Keeps all but the password, keys and the workspace, readable by the owner only."""
    path = config_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = asdict(account)
    del content["password"], content["api_key"], content["workspace"]
    partial = path.with_suffix(".new")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2)
    partial.replace(path)
    return path


def forget() -> Path | None:
    """Deletes what `store` kept; answers where that was, None if it was not there."""
    path = config_file()
    try:
        path.unlink()
    except FileNotFoundError:
        return None
    return path


def keep_renewed(account: Account, session: Session) -> None:
    """Replaces the tokens of a login that is kept; where that cannot be, the old ones stay."""
    if account.refresh_token is not None:
        refresh_token = session.refresh_token or account.refresh_token
        with suppress(OSError):
            store(replace(account, token=session.token, refresh_token=refresh_token))


def _stored() -> Account:
    try:
        content = json.loads(config_file().read_text())
        names = ("api_url", "email", "token", "refresh_token")
        return Account(**{name: content.get(name) for name in names})
    except (OSError, ValueError, AttributeError):
        return Account()
