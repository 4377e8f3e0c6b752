"""Ordering background removals: one photo, or 2 to 5,000 as one batch."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lumiku.apps.remover.options import PLAIN, Options
from lumiku.apps.remover.prices import APP, CREDITS_PER_PHOTO, MAX_BATCH, MIN_BATCH, Tier, price
from lumiku.apps.remover.workflow import background_removal
from lumiku.domain.errors import BatchTooLarge, InvalidRequest
from lumiku.domain.money.quotas import Payment
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import BATCH, SINGLE
from lumiku.domain.texts import Text
from lumiku.domain.work import trials
from lumiku.domain.work.groups import LARGE_FROM, Group, Photos, Stage
from lumiku.domain.work.jobs import STRAGGLER_TIME, UPLOAD_TIME, Job, Source, Status
from lumiku.domain.work.photos import (
    MAX_BATCH_BYTES,
    MAX_LARGE_BATCH_BYTES,
    MAX_PHOTO_BYTES,
    Lane,
    PhotoKey,
    check_batch_form_size,
    check_declared_size,
    check_form_size,
)
from lumiku.services.clock import Clock
from lumiku.services.work.fetching import UNKNOWN_TYPE, Elsewhere
from lumiku.services.work.grouping import Grouping, closes_at, lane_of
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import Order, Ordering, Placed
from lumiku.services.work.ports import PhotoStore, UploadPolicy
from photo_steps import Workflow

NOTHING: Mapping[str, bytes] = {}


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """What a client says about its photo, how it wants to pay and what the result shall be."""

    file_name: str
    size_bytes: int
    content_type: str
    tier: Tier
    payment: Payment = Payment.AUTO
    options: Options = PLAIN


@dataclass(frozen=True, slots=True)
class NewBatch:
    """What a client says about its photos, how it wants to pay and what the results shall be."""

    tier: Tier
    photos: Photos
    payment: Payment = Payment.AUTO
    options: Options = PLAIN


@dataclass(frozen=True, slots=True)
class Request:
    """What comes with every order: the caller's key and price, and the id of the request."""

    idempotency_key: str | None = None
    expected_credits: int | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class PhotoOrders:
    """Use cases of POST /remove.

    A photo may come with its request, as `image`: then it is stored at once. Dying between the
    charge and the photo is like an upload that never comes: what is missing is given back, and a
    repetition with the same key stores it, and never writes over what is there. So it is with
    batches.
    """

    ordering: Ordering
    photos: PhotoStore
    clock: Clock

    def order(
        self,
        caller: Caller,
        photo: NewPhoto,
        request: Request,
        *,
        image: bytes | None = None,
        there: Elsewhere | None = None,
        beside: Mapping[str, bytes] = NOTHING,
        workflow: Workflow | None = None,
    ) -> Placed[Job]:
        """Charge for one photo and open its job; refused as `Ordering.place` says.

        A `workflow` is run in place of what the photo's options say. What lies `there` is still to
        be fetched. What comes `beside` the photo is stored before it, by key: such a key is made of
        the content, so it tells two orders apart.

        `PhotoTooLarge` and `InvalidRequest` tell what a photo may be.
        """
        check_declared_size(photo.size_bytes)
        asked: dict[str, Any] = {**asdict(photo), "sha256": None}
        if image is not None:
            check_form_size(len(image))
            asked["sha256"] = hashlib.sha256(image).hexdigest()
        if there is not None:
            asked["there"] = there.model_dump()
        if workflow is not None:
            asked["workflow"] = [step.model_dump(mode="json") for step in workflow]
        job_id = row_id("job", caller.account, "POST /remove", request.idempotency_key)
        request_hash = fingerprint(asked | ({"test": True} if caller.is_test else {}))
        lane = trials.LANE if caller.is_test else Lane.SINGLE

        def draft(_: Wallet, now: datetime) -> Job:
            return Job(
                id=job_id,
                user_id=caller.account,
                app=APP,
                product=photo.tier.product,
                workflow=workflow or background_removal(photo.tier, photo.options),
                price=CREDITS_PER_PHOTO[photo.tier],
                pricing_type="credits",
                source=Source(
                    kind="upload" if there is None else "elsewhere",
                    key=str(PhotoKey(lane, caller.account, job_id)),
                ),
                file_name=photo.file_name,
                content_type=photo.content_type,
                declared_bytes=photo.size_bytes,
                request_hash=request_hash,
                request_id=request.request_id,
                created_at=now,
                closes_at=now + UPLOAD_TIME + STRAGGLER_TIME,
            )

        placed = self.ordering.place(
            caller,
            Order(
                kind=Job,
                id=job_id,
                app=APP,
                request_hash=request_hash,
                limit=SINGLE,
                photos=1,
                payment=photo.payment,
                draft=draft,
                expected_credits=request.expected_credits,
            ),
        )
        job = placed.order
        if job.status is not Status.PENDING:
            return placed
        for key, data in beside.items():
            self.photos.write(key, data, content_type=UNKNOWN_TYPE)
        if image is not None:
            self.photos.write_new(job.source.key, image, content_type=photo.content_type)
        return placed

    def permit(self, job: Job) -> UploadPolicy:
        """A form that uploads the job's photo."""
        now = self.clock()
        return self.photos.policy(
            job.source.key,
            content_type=job.content_type,
            max_bytes=MAX_PHOTO_BYTES,
            now=now,
            expires_at=min(now + UPLOAD_TIME, job.closes_at),
        )


@dataclass(frozen=True, slots=True)
class BatchOrders:
    """Use cases of POST /batch."""

    grouping: Grouping
    photos: PhotoStore

    def order(
        self,
        caller: Caller,
        batch: NewBatch,
        request: Request,
        *,
        images: Sequence[bytes] | None = None,
    ) -> Placed[Group]:
        """Charge for 2 to 5,000 photos and make their group; refused like one, and by size."""
        _check(batch)
        asked: dict[str, Any] = {
            "tier": batch.tier,
            "payment": batch.payment,
            "options": asdict(batch.options),
            "photos": [photo.model_dump(exclude_none=True) for photo in batch.photos],
        }
        if images is not None:
            check_batch_form_size(sum(map(len, images)))
            asked["sha256"] = [hashlib.sha256(image).hexdigest() for image in images]
        group_id = row_id("batch", caller.account, "POST /batch", request.idempotency_key)
        request_hash = fingerprint(asked | ({"test": True} if caller.is_test else {}))

        def draft(wallet: Wallet, now: datetime) -> Group:
            return Group(
                id=group_id,
                user_id=caller.account,
                app=APP,
                product=batch.tier.product,
                workflow=background_removal(batch.tier, batch.options),
                lane=lane_of(wallet, now),
                total=len(batch.photos),
                takes_uploads=any(photo.url is None for photo in batch.photos),
                price=price(batch.tier, len(batch.photos)).total,
                pricing_type="credits",
                request_hash=request_hash,
                request_id=request.request_id,
                created_at=now,
                closes_at=closes_at(now, len(batch.photos)),
            )

        order = Order(
            kind=Group,
            id=group_id,
            app=APP,
            request_hash=request_hash,
            limit=BATCH,
            photos=len(batch.photos),
            payment=batch.payment,
            draft=draft,
            expected_credits=request.expected_credits,
        )
        placed = self.grouping.order(caller, order, batch.photos)
        if images is not None and placed.order.stage is not Stage.CLOSED:
            for index, image in enumerate(images):
                key = str(placed.order.photo_key(index))
                self.photos.write_new(key, image, content_type="application/octet-stream")
        return placed


def _check(batch: NewBatch) -> None:
    if not MIN_BATCH <= len(batch.photos) <= MAX_BATCH:
        raise InvalidRequest(
            Text(
                f"A batch has {MIN_BATCH} to {MAX_BATCH} photos, not {len(batch.photos)}.",
                f"Satu batch berisi {MIN_BATCH} sampai {MAX_BATCH} foto, bukan"
                f" {len(batch.photos)}.",
            ),
            photos=len(batch.photos),
            allowed={"min": MIN_BATCH, "max": MAX_BATCH},
        )
    for photo in batch.photos:
        if photo.url is None:
            check_declared_size(photo.size_bytes)
    total = sum(photo.size_bytes for photo in batch.photos)
    is_large = len(batch.photos) >= LARGE_FROM
    allowed = MAX_LARGE_BATCH_BYTES if is_large else MAX_BATCH_BYTES
    if total > allowed:
        raise BatchTooLarge(size_bytes=total, allowed_bytes=allowed)
