"""Completed jobs in gsi2 by day: `MADE#<day>`.

The sort key tells all that a day is added up from: that index has nothing but keys.
A photo of a batch has its share of the order there; settling the batch later does not change it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lumiku.domain.instant import iso
from lumiku.domain.money.business import Made
from lumiku.domain.money.products import product_named
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.receipts import Receipt


def day_key(day: date) -> str:
    """Where gsi2 has the jobs that were completed on a UTC day."""
    return f"MADE#{day}"


def place(job: Job, receipt: Receipt, now: datetime) -> str:
    """Where the job stands among those of its day, and what the business must know of it."""
    cost = receipt.cost_microusd(now.date())
    over = job.model_copy(update={"receipt": receipt})
    billed = _billed(over)
    parts = "".join(
        f"#{name}={credits}" + (f"={billed[name]}" if name in billed else "")
        for name, credits in (job.parts or {}).items()
    )
    worth = job.price - over.owed
    return f"{iso(now)}#{job.product}#{receipt.entry}#{worth}#{cost}#{job.id}{parts}"


def _billed(job: Job) -> dict[str, int]:
    """What providers bill for parts of the price, in millionths of a dollar."""
    asked = job.receipt.asked if job.receipt else {}
    routes = job.if_ours.parts if job.if_ours else {}
    return {name: asked[route].microusd for route, name in routes.items() if route in asked}


def read_place(keys: Mapping[str, Any]) -> Made:
    """What the business must know of a completed job, of what gsi2 has of it."""
    _, product, entry, price, cost, _, *parts = keys["gsi2sk"].split("#")
    told = [part.split("=") for part in parts]
    return Made(
        product=product_named(product),
        entry=entry,
        credits=int(price),
        microusd=int(cost),
        parts={name: int(credits) for name, credits, *_ in told},
        billed={name: int(microusd) for name, _, *billed in told for microusd in billed},
    )
