"""Keys of others' services, from one secret: a JSON object of keys by name."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import (
    GetParameterError,
    TransformParameterError,
)

MAX_AGE_S = 300


class Unreadable(Exception):
    """The secret cannot be read just now; without its text and cause, which might quote it."""


class NoKey(Exception):
    """The secret has no such key."""


class Keys:
    """Keys are read when one is needed, and again when they are five minutes old."""

    def __init__(self, secrets: SecretsProvider, arn: str) -> None:
        self._secrets = secrets
        self._arn = arn

    def key(self, name: str) -> str:
        """The key of that name; `Unreadable` or `NoKey` if there is none."""
        try:
            secret: Any = self._secrets.get(self._arn, max_age=MAX_AGE_S, transform="json")
        except (GetParameterError, TransformParameterError) as error:
            raise Unreadable(f"no keys: {type(error).__name__}") from None
        key = secret.get(name) if isinstance(secret, Mapping) else None
        if not isinstance(key, str) or not key:
            raise NoKey(f"the secret has no key of {name}")
        return key
