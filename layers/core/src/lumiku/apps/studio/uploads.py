"""Ordering uploads: 1 to 100 photos that become items of a project."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.apps.studio.prices import APP, UPLOAD, upload_price
from lumiku.apps.studio.workflow import MAX_UPLOAD_BYTES, intake
from lumiku.domain.errors import NotFound
from lumiku.domain.money.quotas import Payment
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people import limits
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.items import Upload
from lumiku.domain.projects.projects import Project
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group, Photos
from lumiku.domain.work.jobs import UPLOAD_TIME
from lumiku.domain.work.photos import check_declared_size
from lumiku.services.projects.ports import ProjectStore
from lumiku.services.projects.projects import owned_project
from lumiku.services.work.grouping import Grouping, lane_of
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import Order, Placed

MAX_FILES = 100


@dataclass(frozen=True, slots=True)
class UploadOrders:
    """The use case of POST /projects/{id}/items/upload."""

    store: ProjectStore
    grouping: Grouping

    def order(
        self,
        caller: Caller,
        project_id: str,
        photos: Photos,
        *,
        key: str | None,
        expected_credits: int | None,
        request_id: str | None,
    ) -> Placed[Group]:
        """Charge for photos that will be uploaded into the project, and make their group.

        Refused as `Ordering.place` says; what does not arrive or is refused is given back when the
        upload closes, a quarter of an hour later at the latest. The upload is noted in the project
        before it is charged, so that whatever comes of it is kept.
        """
        project = owned_project(self.store, caller, project_id)
        for photo in photos:
            check_declared_size(photo.size_bytes, MAX_UPLOAD_BYTES)
        asked = {"project": project_id, "photos": [photo.model_dump() for photo in photos]}
        route = "POST /projects/items/upload"
        group_id, request_hash = row_id("upload", caller.account, route, key), fingerprint(asked)

        def draft(wallet: Wallet, now: datetime) -> Group:
            return Group(
                id=group_id,
                user_id=caller.account,
                app=APP,
                product=UPLOAD,
                workflow=intake(),
                lane=lane_of(wallet, now),
                total=len(photos),
                is_delivered=False,
                price=upload_price(len(photos)).total,
                pricing_type="credits",
                request_hash=request_hash,
                request_id=request_id,
                created_at=now,
                closes_at=now + UPLOAD_TIME,
                max_bytes=MAX_UPLOAD_BYTES,
            )

        order = Order(
            kind=Group,
            id=group_id,
            app=APP,
            request_hash=request_hash,
            limit=limits.STUDIO,
            photos=len(photos),
            payment=Payment.CREDITS,
            draft=draft,
            expected_credits=expected_credits,
            prepare=lambda group: self._note(project, group),
        )
        return self.grouping.order(caller, order, photos)

    def _note(self, project: Project, group: Group) -> None:
        upload = Upload(
            id=group.id,
            project_id=project.id,
            user_id=group.user_id,
            created_at=group.created_at,
        )
        if not self.store.begin(upload):
            raise NotFound(
                Text(f"There is no project {project.id}.", f"Tidak ada proyek {project.id}.")
            )
