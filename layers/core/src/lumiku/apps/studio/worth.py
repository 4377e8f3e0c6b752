"""What parts of the studio's groups are worth, for who settles them and knows no looks."""

from lumiku.apps.studio.prices import OrderKind, Part, Price, batch_parts, upload_price
from lumiku.domain.work.groups import Group
from lumiku.domain.work.settling import Worth


def of_upload(group: Group, received: int) -> int:
    """What so many photos cost that arrived and are kept, at the percentage of their order."""
    return upload_price(received, month_percent=group.discount_percent or 0).total


def of_batch(group: Group, received: int) -> int:
    """What so many items of a batch cost by the prices of its order; a part of a retry its share.

    One costs what the cheapest of them does alone: who calls all others off has ordered that.
    """
    terms = group.terms
    if terms is None:
        return group.price * received // group.total
    if received == 1:
        return terms["single"]
    surcharges = Part("surcharges", terms["surcharges"] * received // group.total)
    return Price(batch_parts(received, surcharges), 0, group.discount_percent or 0).total


def of_export(group: Group, _: int) -> int:
    """An export costs what it costs, whatever is in it."""
    return group.price


def of_carousel(group: Group, received: int) -> int:
    """Each slide is worth its share."""
    return group.price * received // group.total


WORTH: dict[str, Worth] = {
    OrderKind.UPLOAD.product: of_upload,
    OrderKind.IMPORT.product: of_upload,
    OrderKind.BATCH.product: of_batch,
    OrderKind.EXPORT.product: of_export,
    OrderKind.CAROUSEL.product: of_carousel,
}
"""By product."""


def worth(group: Group, received: int) -> int:
    """What so many of a group's photos cost."""
    return WORTH[group.product](group, received)
