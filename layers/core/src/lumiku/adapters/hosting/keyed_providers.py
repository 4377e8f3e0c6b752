"""Hosted providers with their keys, from one secret: a JSON object of keys by provider."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import (
    GetParameterError,
    TransformParameterError,
)

from lumiku.adapters.hosting.providers import provider_of
from lumiku.domain.hosting.models import HOSTED_MODELS, price_microusd
from lumiku.domain.reach import Reach
from lumiku.services.clock import utc_now
from lumiku.services.hosting.provider import Fault, Provider, ProviderFault

MAX_AGE_S = 300


class KeyedProviders:
    """Providers by the entries of routes; `base_urls` are other addresses than their own.

    Keys are read when one is needed, and again when they are five minutes old.
    """

    def __init__(
        self, secrets: SecretsProvider, arn: str, base_urls: Mapping[str, str], reach: Reach
    ) -> None:
        self._secrets = secrets
        self._arn = arn
        self._base_urls = base_urls
        self._reach = reach

    def provider(self, entry: str) -> Provider:
        """Who answers for the entry; `ProviderFault` when it cannot be called as things are."""
        if entry not in HOSTED_MODELS:
            raise ProviderFault(Fault.GONE, f"there is no {entry} any more")
        key = self._key(entry.partition(":")[0])
        try:
            base_url = self._base_urls.get(entry)
            return provider_of(entry, key, base_url=base_url, reach=self._reach)
        except ValueError as error:
            raise ProviderFault(Fault.AUTH, str(error)) from None

    def _key(self, provider: str) -> str:
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


def price_today(entry: str, pixels: int) -> int:
    """Millionths of a dollar for an answer; nothing for an entry that is no more."""
    return price_microusd(entry, utc_now().date(), pixels) if entry in HOSTED_MODELS else 0
