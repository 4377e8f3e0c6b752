"""Which hosted providers a tier's photos are sent to, as the operator configures it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from lumiku.apps.remover.prices import Tier
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.hosting.models import HostedModel
from lumiku.domain.hosting.tickets import LOCAL
from lumiku.domain.reach import Reach

type Chain = tuple[str, ...]


class Routes(BaseModel):
    """The chain of every tier; each ends with `local`, and is nothing else where none is given.

    `base_urls` are other addresses, by entry; `concurrency` is how many photos a provider is sent
    at once by all workers together.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )

    basic: Chain = (LOCAL,)
    standard: Chain = (LOCAL,)
    professional: Chain = (LOCAL,)
    industry: Chain = (LOCAL,)
    base_urls: dict[str, str] = {}
    concurrency: dict[str, Annotated[int, Field(ge=1, le=999)]] = {}

    @property
    def hosted(self) -> dict[Tier, Chain]:
        """The hosted entries of tiers that have any."""
        chains = {tier: self.chain(tier)[:-1] for tier in Tier}
        return {tier: chain for tier, chain in chains.items() if chain}

    def chain(self, tier: Tier) -> Chain:
        """All entries of a tier, in order."""
        found: Chain = getattr(self, tier)
        return found


def read_routes(text: str, models: Mapping[str, HostedModel], reach: Reach) -> Routes:
    """Routes from the operator's JSON; `ValueError` says what is wrong with it.

    An empty text is: every tier local. Addresses must be such as `reach` allows.
    """
    routes = Routes.model_validate_json(text) if text.strip() else Routes()
    for tier in Tier:
        _check(tier, routes, models)
    _check_names("baseUrls", routes.base_urls, models)
    _check_names("concurrency", routes.concurrency, {entry.partition(":")[0] for entry in models})
    for entry, url in routes.base_urls.items():
        try:
            reach.check_url(url)
        except InvalidRequest as refused:
            raise ValueError(f"baseUrls: {entry}: {refused}") from refused
    return routes


def _check(tier: Tier, routes: Routes, models: Mapping[str, HostedModel]) -> None:
    chain = routes.chain(tier)
    if not chain or chain[-1] != LOCAL:
        raise ValueError(f"{tier}: the chain must end with '{LOCAL}', and is {list(chain)}")
    hosted = chain[:-1]
    _check_names(tier, hosted, models)
    if len(set(hosted)) < len(hosted):
        raise ValueError(f"{tier}: an entry stands twice in {list(chain)}")
    for entry in hosted:
        if models[entry].base_url is None and entry not in routes.base_urls:
            raise ValueError(f"{tier}: {entry} needs an address in baseUrls")


def _check_names(where: str, names: Iterable[str], known: Collection[str]) -> None:
    if unknown := sorted(set(names) - set(known)):
        raise ValueError(f"{where}: {unknown} are not among {sorted(known)}")
