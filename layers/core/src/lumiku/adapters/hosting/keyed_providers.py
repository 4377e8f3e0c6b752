"""Hosted providers with their keys."""

from collections.abc import Mapping

from lumiku.adapters.hosting.providers import provider_of
from lumiku.adapters.keys import Keys, NoKey, Unreadable
from lumiku.domain.hosting.models import HOSTED_MODELS, price_microusd
from lumiku.domain.reach import Reach
from lumiku.services.clock import utc_now
from lumiku.services.hosting.provider import Fault, Provider, ProviderFault


class KeyedProviders:
    """Providers by the entries of routes; `base_urls` are other addresses than their own."""

    def __init__(self, keys: Keys, base_urls: Mapping[str, str], reach: Reach) -> None:
        self._keys = keys
        self._base_urls = base_urls
        self._reach = reach

    def provider(self, entry: str) -> Provider:
        """Who answers for the entry; `ProviderFault` when it cannot be called as things are."""
        if entry not in HOSTED_MODELS:
            raise ProviderFault(Fault.GONE, f"there is no {entry} any more")
        try:
            key = self._keys.key(entry.partition(":")[0])
            base_url = self._base_urls.get(entry)
            return provider_of(entry, key, base_url=base_url, reach=self._reach)
        except Unreadable as error:
            raise ProviderFault(Fault.TRANSIENT, str(error)) from None
        except (NoKey, ValueError) as error:
            raise ProviderFault(Fault.AUTH, str(error)) from None


def price_today(entry: str, pixels: int) -> int:
    """Millionths of a dollar for an answer; nothing for an entry that is no more."""
    return price_microusd(entry, utc_now().date(), pixels) if entry in HOSTED_MODELS else 0
