"""What is sold, by name: its app, a slash, its own name, as in `remover/standard`.

Before products had names, rows held a tier of the background remover instead; whatever has a tier
and no product is read as the remover's.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, model_validator

_REMOVER = "background-remover"


def product_named(text: str) -> str:
    """The product of a name as rows have it; a bare tier of before is the remover's."""
    return text if "/" in text else f"remover/{text}"


def own_name(product: str) -> str:
    """The name within its app: `standard` of `remover/standard`."""
    return product.partition("/")[2]


type Parts = Mapping[str, int]
"""What a price is made of, by name: at least 1 credit each, before any discount.

What a part is about more closely stands behind a colon, as in `template:desk-01`.
"""


def shared(credits: int, parts: Parts) -> dict[str, int]:
    """What of so many credits, at least 0, is for which part: whole ones, in proportion."""
    whole, before, shares = sum(parts.values()), 0, {}
    for name, part in parts.items():
        shares[name] = credits * (before + part) // whole - credits * before // whole
        before += part
    return shares


type Product = Annotated[str, BeforeValidator(product_named)]


class ProductRow(BaseModel, frozen=True, defer_build=True):
    """A row about a product of an app."""

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, row: Any) -> Any:
        if not isinstance(row, dict) or "tier" not in row:
            return row
        return {"app": _REMOVER, **row, "product": row["tier"]}
