"""What is sold, by name: its app, a slash, its own name, as in `remover/standard`.

Before products had names, rows held a tier of the background remover instead; whatever has a tier
and no product is read as the remover's.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
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
"""What a price is made of, by name, in credits before any discount: at least 1 in all.

What a part is about more closely stands behind a colon, as in `template:desk-01`.
"""


def shared(credits: int, parts: Parts) -> dict[str, int]:
    """What of so many credits, at least 0, is for which part: whole ones, in proportion."""
    whole, before, shares = sum(parts.values()), 0, {}
    for name, part in parts.items():
        shares[name] = credits * (before + part) // whole - credits * before // whole
        before += part
    return shares


def added_up(credits: int, each: Sequence[Parts]) -> Parts | None:
    """The parts of so many credits that are paid for several things alike, by the parts of each.

    They come to `credits`, and a part of little may have none of them. None if no credit has parts.
    """
    alike = shared(credits, {str(place): 1 for place in range(len(each))})
    parts: Counter[str] = Counter()
    for share, of_one in zip(alike.values(), each, strict=True):
        parts.update(shared(share, of_one))
    return dict(parts) if parts.total() else None


type Product = Annotated[str, BeforeValidator(product_named)]


class ProductRow(BaseModel, frozen=True, defer_build=True):
    """A row about a product of an app."""

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, row: Any) -> Any:
        if not isinstance(row, dict) or "tier" not in row:
            return row
        return {"app": _REMOVER, **row, "product": row["tier"]}
