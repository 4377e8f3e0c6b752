"""Ordering uploads: 1 to 100 photos that become items of a project."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.prices import APP, OrderKind, monthly_discount_percent, upload_price
from lumiku.apps.studio.used import MonthlyUse
from lumiku.apps.studio.workflow import MAX_UPLOAD_BYTES, intake
from lumiku.domain.errors import NotFound
from lumiku.domain.money.quotas import Payment
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people import limits
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.items import Upload
from lumiku.domain.projects.projects import Project
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group, Photos, Stage
from lumiku.domain.work.jobs import UPLOAD_TIME
from lumiku.domain.work.photos import check_batch_form_size, check_declared_size
from lumiku.services.projects.ports import ProjectStore
from lumiku.services.projects.projects import owned_project
from lumiku.services.work.grouping import Grouping, lane_of
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import Order, Placed

MAX_FILES = 100


@dataclass(frozen=True, slots=True)
class Intake:
    """Photos to take into a project, within a time: all to be uploaded, or all there already."""

    action: OrderKind
    id: str
    request_hash: str
    photos: Photos
    within: timedelta


@dataclass(frozen=True, slots=True)
class UploadOrders:
    """The use case of POST /projects/{id}/items/upload.

    Small photos may come with their request, as `images`: then they are stored at once. Dying
    between the charge and a photo is like one that never comes, and a repetition with the same key
    stores it, and never writes over what is there.
    """

    store: ProjectStore
    grouping: Grouping
    used: MonthlyUse

    def order(
        self,
        caller: Caller,
        project_id: str,
        photos: Photos,
        request: Request,
        *,
        images: Sequence[bytes] | None = None,
    ) -> Placed[Group]:
        """Charge for photos that will be uploaded into the project, and make their group.

        Refused as `Ordering.place` says; what does not arrive or is refused is given back when the
        upload closes, a quarter of an hour later at the latest.
        """
        project = owned_project(self.store, caller, project_id)
        for photo in photos:
            if photo.url is None:
                check_declared_size(photo.size_bytes, MAX_UPLOAD_BYTES)
        asked: dict[str, Any] = {"project": project_id}
        asked["photos"] = [photo.model_dump(exclude_none=True) for photo in photos]
        if images is not None:
            check_batch_form_size(sum(map(len, images)))
            asked["sha256"] = [hashlib.sha256(image).hexdigest() for image in images]
        route = "POST /projects/items/upload"
        upload_id = row_id("upload", caller.account, route, request.key)
        upload = Intake(OrderKind.UPLOAD, upload_id, fingerprint(asked), photos, UPLOAD_TIME)
        placed = self.place(caller, project, upload, request)
        if images is not None and placed.order.stage is not Stage.CLOSED:
            for index, image in enumerate(images):
                key = str(placed.order.photo_key(index))
                self.grouping.photos.write_new(key, image, content_type="application/octet-stream")
        return placed

    def place(
        self, caller: Caller, project: Project, upload: Intake, request: Request
    ) -> Placed[Group]:
        """Charge for photos that are taken into the caller's project, and make their group.

        The upload is noted in the project before it is charged, so that whatever comes of it is
        kept.
        """

        def draft(wallet: Wallet, now: datetime) -> Group:
            percent = monthly_discount_percent(self.used.credits(caller, now))
            return Group(
                id=upload.id,
                user_id=caller.account,
                app=APP,
                product=upload.action.product,
                workflow=intake(),
                lane=lane_of(wallet, now),
                total=len(upload.photos),
                takes_uploads=any(not (photo.key or photo.url) for photo in upload.photos),
                is_delivered=False,
                price=upload_price(len(upload.photos), month_percent=percent).total,
                discount_percent=percent or None,
                pricing_type="credits",
                request_hash=upload.request_hash,
                request_id=request.request_id,
                created_at=now,
                closes_at=now + upload.within,
                max_bytes=MAX_UPLOAD_BYTES,
            )

        def note(group: Group) -> None:
            noted = Upload(
                id=group.id,
                project_id=project.id,
                user_id=group.user_id,
                created_at=group.created_at,
            )
            if not self.store.begin(noted):
                raise NotFound(
                    Text(f"There is no project {project.id}.", f"Tidak ada proyek {project.id}.")
                )

        order = Order(
            kind=Group,
            id=upload.id,
            app=APP,
            request_hash=upload.request_hash,
            limit=limits.STUDIO,
            photos=len(upload.photos),
            payment=Payment.CREDITS,
            draft=draft,
            expected_credits=request.expected_credits,
            prepare=note,
        )
        return self.grouping.order(caller, order, upload.photos)
