"""Pictures of items for other apps, and theirs for projects."""

from collections.abc import Sequence
from dataclasses import dataclass

from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.plans import Gate, Need, missing, plan_of
from lumiku.apps.studio.prices import APP, OrderKind
from lumiku.apps.studio.uploads import Intake, UploadOrders
from lumiku.apps.studio.workflow import MAX_UPLOAD_BYTES
from lumiku.domain.connected.apps import ConnectedApp
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import STUDIO
from lumiku.domain.projects.items import Item
from lumiku.domain.projects.variations import missing_variation
from lumiku.domain.work.file_names import extension
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import UPLOAD_TIME, Output
from lumiku.domain.work.photos import check_declared_size
from lumiku.services.clock import Clock
from lumiku.services.connected.asking import Asking, Given, Taken, TheirPicture, planned
from lumiku.services.money.ports import Wallets
from lumiku.services.people.admission import admit_order
from lumiku.services.projects.items import Items, Sought
from lumiku.services.projects.ports import VariationStore
from lumiku.services.projects.projects import owned_project
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.listing import Page
from lumiku.services.work.ordering import Placed

FETCHED_WITHIN_S = 3600
"""So long an app may fetch a picture that it was given."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What an item is shown by, and a URL that fetches it for an hour without anything else."""

    item: Item
    variation_id: str | None
    file: Output
    url: str

    @property
    def name(self) -> str:
        """As a file is called."""
        stem = self.item.file_name.rpartition(".")[0] or self.item.file_name
        return f"{stem}.{extension(self.file.format)}"


@dataclass(frozen=True, slots=True)
class Handovers:
    """Both directions between items and apps that the account connected."""

    items: Items
    variations: VariationStore
    wallets: Wallets
    uploads: UploadOrders
    asking: Asking
    clock: Clock

    def give(
        self, caller: Caller, item_id: str, app_name: str, variation_id: str | None, key: str | None
    ) -> Taken:
        """Hand what the item is shown by, or another variation, to an app; charges nothing.

        With the same `key` the app gets the same message again. `NotFound`, `NotInPlan`,
        `NotConnected`, `TooManyRequests` or `AppFailed`.
        """
        item, now = self.items.get(caller, item_id), self.clock()
        wallet = self.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        if refusal := missing(plan_of(wallet, now), [Need(Gate.HANDOVER, "one-click")]):
            raise refusal
        app, grant = self.asking.acting.connection(caller.account, app_name, "pictures")
        picture = self._picture(item, variation_id)
        admit_order(self.items.paces, caller, wallet.account.limit(STUDIO), now)
        given = Given(
            source_app=APP,
            source_item_id=item.id,
            source_project_id=item.project_id,
            image_path=picture.url,
            metadata={"name": item.name, **({"sku": item.sku} if item.sku else {})},
        )
        message_id = row_id("msg", caller.account, f"{item.id} to {app_name}", key)
        return self.asking.give(app, grant, given, message_id)

    def pictures(
        self, caller: Caller, project_id: str, *, limit: int, cursor: str | None
    ) -> Page[Picture]:
        """What the items of a project are shown by, newest first."""
        found = self.items.page(caller, project_id, Sought(), limit=limit, cursor=cursor)
        return Page([self._picture(item, None) for item in found.shown], found.cursor)

    def picture(self, caller: Caller, item_id: str) -> Picture:
        """What one item is shown by."""
        return self._picture(self.items.get(caller, item_id), None)

    def take(
        self,
        caller: Caller,
        app: ConnectedApp,
        project_id: str,
        pictures: Sequence[TheirPicture],
        request: Request,
    ) -> Placed[Group]:
        """Charge for pictures of an app, and have them fetched into the project as an upload."""
        project = owned_project(self.uploads.store, caller, project_id)
        for picture in pictures:
            check_declared_size(picture.size_bytes, MAX_UPLOAD_BYTES)
        told = [picture.model_dump() for picture in pictures]
        asked = fingerprint({"project": project_id, "of": app.name, "pictures": told})
        upload_id = row_id("upload", caller.account, f"POST results of {app.name}", request.key)
        intake = Intake(OrderKind.UPLOAD, upload_id, asked, planned(app, pictures), UPLOAD_TIME)
        return self.uploads.place(caller, project, intake, request)

    def _picture(self, item: Item, variation_id: str | None) -> Picture:
        has = self.variations.belongings(item)
        shown = has.shown(item)
        if variation_id is not None:
            shown = next((one for one in has.variations if one.id == variation_id), None)
            if shown is None:
                raise missing_variation(variation_id)
        file = shown.result if shown else item.original
        name = f"{item.name}.{extension(file.format)}"
        url = self.items.photos.link(file.key, file_name=name, valid_s=FETCHED_WITHIN_S)
        return Picture(item, shown.id if shown else None, file, url)
