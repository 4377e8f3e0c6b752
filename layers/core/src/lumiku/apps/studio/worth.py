"""What parts of the studio's groups are worth, for who settles them and knows no looks."""

from lumiku.apps.studio.prices import BATCH, BATCH_BASE, BATCH_PER_ITEM, UPLOAD, upload_price
from lumiku.domain.work.groups import Group, Worth


def of_upload(_: Group, received: int) -> int:
    """What so many photos of an upload cost that arrived and are kept."""
    return upload_price(received).total


def of_batch(group: Group, received: int) -> int:
    """What so many items of a batch cost by the prices of its order; a part of a retry its share.

    One costs what the cheapest of them does alone: who calls all others off has ordered that.
    """
    terms = group.terms
    if terms is None:
        return group.price * received // group.total
    if received == 1:
        return terms["single"]
    surcharges = terms["surcharges"] * received // group.total
    base = BATCH_BASE + BATCH_PER_ITEM * received + surcharges
    return base - base * terms["percent"] // 100


WORTH: dict[str, Worth] = {UPLOAD: of_upload, BATCH: of_batch}
"""By product."""


def worth(group: Group, received: int) -> int:
    """What so many of a group's photos cost."""
    return WORTH[group.product](group, received)
