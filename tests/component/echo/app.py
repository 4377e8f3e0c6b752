"""A third app, planted beside the two that are sold: one product, one step, one route.

It turns photos into their negatives. Nothing of the platform knows it.
"""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from lumiku.bootstrap import people, work
from lumiku.domain.money.plans import Plan
from lumiku.domain.money.quotas import Payment
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import Limit
from lumiku.domain.work.groups import Group, Photos
from lumiku.domain.work.jobs import STRAGGLER_TIME, UPLOAD_TIME, Job, Source
from lumiku.domain.work.photos import Lane, PhotoKey
from lumiku.http.api import (
    Envelope,
    IdempotencyKey,
    answer,
    answering,
    caller,
    charged,
    make_api,
)
from lumiku.http.bodies import Body
from lumiku.services.work.grouping import Grouping, closes_at, lane_of
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import Order, Placed
from photo_steps import Parameters, Step, Workflow

APP, PRODUCT = "echo", "echo/negative"
PRICE = 2
LIMIT = Limit(name="echo", count=60, window_s=60)
PLANS = {"loud": Plan("loud", 10_000, 10, (PRODUCT,), {}, has_priority=False)}


class Negative(Parameters, step="negative"):
    """Every level becomes what it lacks of `white`."""

    white: int = Field(default=255, ge=1, le=255)


@operation(Negative)
def negative(picture: Picture, told: Negative) -> Picture:
    """Turn light into dark."""
    return replace(picture, rgb=told.white - picture.rgb.clip(max=told.white))


def worth(_: Group, received: int) -> int:
    """What so many photos cost: no discount here."""
    return PRICE * received


def order_one(
    who: Caller, name: str, white: int, key: str | None, payment: Payment = Payment.AUTO
) -> Placed[Job]:
    """Order the negative of one photo."""
    job_id = row_id("job", who.account, "POST /negatives", key)
    request_hash = fingerprint({"name": name, "white": white})

    def draft(_: Wallet, now: datetime) -> Job:
        return Job(
            id=job_id,
            user_id=who.account,
            app=APP,
            product=PRODUCT,
            workflow=_workflow(white),
            price=PRICE,
            pricing_type="credits",
            source=Source(kind="upload", key=str(PhotoKey(Lane.SINGLE, who.account, job_id))),
            file_name=name,
            content_type="",
            declared_bytes=1000,
            request_hash=request_hash,
            created_at=now,
            closes_at=now + UPLOAD_TIME + STRAGGLER_TIME,
        )

    order = Order(Job, job_id, APP, request_hash, LIMIT, 1, payment, draft)
    return work.ordering().place(who, order)


def order_many(grouping: Grouping, who: Caller, photos: Photos) -> Group:
    """Order the negatives of several photos."""
    group_id = row_id("echo", who.account, "POST /negatives", None)

    def draft(wallet: Wallet, now: datetime) -> Group:
        return Group(
            id=group_id,
            user_id=who.account,
            app=APP,
            product=PRODUCT,
            workflow=_workflow(255),
            lane=lane_of(wallet, now),
            total=len(photos),
            price=PRICE * len(photos),
            pricing_type="credits",
            request_hash="-",
            created_at=now,
            closes_at=closes_at(now),
        )

    order = Order(Group, group_id, APP, "-", LIMIT, len(photos), Payment.AUTO, draft)
    return grouping.order(who, order, photos).order


def _workflow(white: int) -> Workflow:
    return (Step(name="negative", params={"white": white}),)


class Wanted(Body):
    """What POST /negatives takes."""

    name: str
    white: int = 255


class Accepted(Body):
    """What it answers."""

    job_id: str
    key: str


api = make_api(door=people.door(), prefixes=("/api/apps/echo",))


@api.post("/negatives")
def order(wanted: Wanted, idempotency_key: IdempotencyKey = None) -> Response[Envelope[Accepted]]:
    """Charge for a negative and open its job."""
    placed = order_one(caller(api), wanted.name, wanted.white, idempotency_key)
    accepted = Accepted(job_id=placed.order.id, key=placed.order.source.key)
    return answer(accepted, HTTPStatus.ACCEPTED, charged(placed))


handler = answering(api)
