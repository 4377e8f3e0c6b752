"""Which hosted providers a tier's photos are sent to, as the operator configures it."""

from collections.abc import Collection

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from lumiku.domain.hosting import LOCAL
from lumiku.domain.pricing import Tier

type Chain = tuple[str, ...]


class ProviderOptions(BaseModel):
    """Another address of a provider, and how many photos it is sent at once by all workers."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )

    base_url: str | None = Field(default=None, pattern=r"^https?://[^/\s]+[^\s]*$")
    concurrency: int | None = Field(default=None, ge=1, le=999)


class Routes(BaseModel):
    """The chain of every tier; each ends with `local`, and is nothing else where none is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basic: Chain = (LOCAL,)
    standard: Chain = (LOCAL,)
    professional: Chain = (LOCAL,)
    industry: Chain = (LOCAL,)
    providers: dict[str, ProviderOptions] = {}

    @property
    def hosted(self) -> dict[Tier, Chain]:
        """The hosted entries of tiers that have any."""
        chains = {tier: getattr(self, tier)[:-1] for tier in Tier}
        return {tier: chain for tier, chain in chains.items() if chain}


def read_routes(text: str, known: Collection[str]) -> Routes:
    """Routes from the operator's JSON; `ValueError` says what is wrong with it.

    `known` are the hosted entries that there are. An empty text is: every tier local.
    """
    routes = Routes() if not text.strip() else Routes.model_validate_json(text)
    for tier in Tier:
        _check(tier, getattr(routes, tier), known)
    providers = {entry.partition(":")[0] for entry in known}
    if unknown := routes.providers.keys() - providers:
        raise ValueError(f"providers: {sorted(unknown)} are not among {sorted(providers)}")
    return routes


def _check(tier: Tier, chain: Chain, known: Collection[str]) -> None:
    if not chain or chain[-1] != LOCAL:
        raise ValueError(f"{tier}: the chain must end with '{LOCAL}', and is {list(chain)}")
    hosted = chain[:-1]
    if unknown := [entry for entry in hosted if entry not in known]:
        raise ValueError(f"{tier}: {unknown} are not among {sorted(known)}")
    if len(set(hosted)) < len(hosted):
        raise ValueError(f"{tier}: an entry stands twice in {list(chain)}")
