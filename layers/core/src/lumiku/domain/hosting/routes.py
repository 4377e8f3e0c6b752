"""Which hosted providers photos are sent to, by the route that a step asks for."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.hosting.models import HostedModel, Shows
from lumiku.domain.hosting.tickets import LOCAL
from lumiku.domain.reach import Reach

type Chain = tuple[str, ...]
type Names = Mapping[str, tuple[Shows, ...]]
"""Routes by the names that steps ask for, and what the answers of their models may show."""


class Routes(BaseModel):
    """The chain of every route; each ends with `local`, and is nothing else where none is given.

    In the operator's JSON each chain stands under the route's name. `base_urls` are other
    addresses, by entry; `concurrency` is how many photos a provider is sent at once by all workers
    together, `budgets` how many millionths of a dollar it may bill on one UTC day.
    """

    model_config = ConfigDict(
        defer_build=True,
        frozen=True,
        extra="allow",
        alias_generator=to_camel,
        populate_by_name=True,
    )
    __pydantic_extra__: dict[str, Chain]

    base_urls: dict[str, str] = {}
    concurrency: dict[str, Annotated[int, Field(ge=1, le=999)]] = {}
    budgets: dict[str, Annotated[int, Field(ge=0)]] = {}

    @property
    def hosted(self) -> dict[str, Chain]:
        """The hosted entries of routes that have any."""
        chains = {name: chain[:-1] for name, chain in self.__pydantic_extra__.items()}
        return {name: chain for name, chain in chains.items() if chain}


def read_routes(text: str, names: Names, models: Mapping[str, HostedModel], reach: Reach) -> Routes:
    """Routes of those names from the operator's JSON; `ValueError` says what is wrong with it.

    An empty text is: everything local. Addresses must be such as `reach` allows.
    """
    routes = Routes.model_validate_json(text) if text.strip() else Routes()
    _check_names("routes", routes.__pydantic_extra__, names)
    for name, chain in routes.__pydantic_extra__.items():
        _check(name, chain, routes.base_urls, models, names[name])
    _check_names("baseUrls", routes.base_urls, models)
    providers = {entry.partition(":")[0] for entry in models}
    _check_names("concurrency", routes.concurrency, providers)
    _check_names("budgets", routes.budgets, providers)
    for entry, url in routes.base_urls.items():
        try:
            reach.check_url(url)
        except InvalidRequest as refused:
            raise ValueError(f"baseUrls: {entry}: {refused}") from refused
    return routes


def _check(
    name: str,
    chain: Chain,
    base_urls: Collection[str],
    models: Mapping[str, HostedModel],
    shown: Collection[Shows],
) -> None:
    if not chain or chain[-1] != LOCAL:
        raise ValueError(f"{name}: the chain must end with '{LOCAL}', and is {list(chain)}")
    hosted = chain[:-1]
    _check_names(name, hosted, models)
    if len(set(hosted)) < len(hosted):
        raise ValueError(f"{name}: an entry stands twice in {list(chain)}")
    for entry in hosted:
        if models[entry].shows not in shown:
            raise ValueError(f"{name}: {entry} shows a {models[entry].shows}, not {sorted(shown)}")
        if models[entry].base_url is None and entry not in base_urls:
            raise ValueError(f"{name}: {entry} needs an address in baseUrls")


def _check_names(where: str, names: Iterable[str], known: Collection[str]) -> None:
    if unknown := sorted(set(names) - set(known)):
        raise ValueError(f"{where}: {unknown} are not among {sorted(known)}")
