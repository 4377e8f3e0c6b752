"""Keys of hosted providers, from one secret: a JSON object of keys by provider."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import (
    GetParameterError,
    TransformParameterError,
)

from lumiku.services.hosted import Fault, ProviderFault

MAX_AGE_S = 300


class ProviderKeys:
    """Keys by provider; read when one is needed, and again when they are five minutes old."""

    def __init__(self, secrets: SecretsProvider, arn: str) -> None:
        self._secrets = secrets
        self._arn = arn

    def key(self, provider: str) -> str:
        """The provider's key; `ProviderFault` when there is none or the secret cannot be read."""
        try:
            secret: Any = self._secrets.get(self._arn, max_age=MAX_AGE_S, transform="json")
        except (GetParameterError, TransformParameterError) as error:
            # Without its text and cause, which might quote the secret.
            name = type(error).__name__
            raise ProviderFault(Fault.TRANSIENT, f"no keys: {name}") from None
        key = secret.get(provider) if isinstance(secret, Mapping) else None
        if not isinstance(key, str) or not key:
            raise ProviderFault(Fault.AUTH, f"the secret has no key of {provider}")
        return key
