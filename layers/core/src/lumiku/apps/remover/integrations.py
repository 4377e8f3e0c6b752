"""Removals of pictures that lie in other apps, which order them by a grant."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.apps.remover.ordering import Request, check_sizes
from lumiku.apps.remover.prices import (
    APP,
    MIN_BATCH,
    PER_PHOTO,
    UPSCALING_CREDITS,
    Tier,
    price,
)
from lumiku.apps.remover.workflow import background_removal
from lumiku.domain.connected.apps import ConnectedApp
from lumiku.domain.connected.grants import NotConnected
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.money.quotas import Payment
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import BATCH, SINGLE, Limit
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group, Photos
from lumiku.domain.work.ordered import Integration
from lumiku.domain.work.photos import check_declared_size
from lumiku.services.connected.asking import Asking, planned
from lumiku.services.work.grouping import Grouping, closes_at, lane_of
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import Order, Placed
from photo_steps import Step, Workflow
from photo_steps.studio import Upscale

MAX_PICTURES = 500


@dataclass(frozen=True, slots=True)
class Removal:
    """What is ordered of pictures of another app, and where its people are sent back to.

    `about` is the project or the picture there. What `workflow` does besides the cut-out costs
    `extra` credits for each picture.
    """

    about: str
    tier: Tier
    workflow: Workflow
    extra: int = 0
    return_to: str | None = None


def removal(about: str, tier: Tier, return_to: str | None = None) -> Removal:
    """Nothing but cut-outs."""
    return Removal(about, tier, background_removal(tier), return_to=return_to)


def pipeline(
    about: str,
    tier: Tier,
    factor: int,
    *,
    is_upscaled_first: bool,
    return_to: str | None = None,
) -> Removal:
    """A cut-out that is enlarged, or of an enlarged picture."""
    steps = [*background_removal(tier), Step.of(Upscale.model_validate({"factor": factor}))]
    workflow = tuple(reversed(steps)) if is_upscaled_first else tuple(steps)
    return Removal(about, tier, workflow, UPSCALING_CREDITS[factor], return_to)


@dataclass(frozen=True, slots=True)
class IntegrationOrders:
    """The use cases of POST /integrations/...: groups, whose photos a worker fetches from the app.

    What the app says of its pictures is asked for before anything is charged. A picture that cannot
    be fetched then, or is not as it was announced, fails with that and is given back.
    """

    grouping: Grouping
    asking: Asking

    def project(
        self, caller: Caller, app: ConnectedApp, wanted: Removal, request: Request
    ) -> Placed[Group]:
        """Order all pictures of a project of the app, 2 to 500. `AppFailed`, else as a batch is."""
        if caller.grant is None:
            raise NotConnected(app.name)
        photos = planned(app, self.asking.pictures(app, caller.grant, wanted.about))
        if not MIN_BATCH <= len(photos) <= MAX_PICTURES:
            raise _not_a_batch(len(photos))
        check_sizes(photos)
        return self._place(caller, app, wanted, request, photos, BATCH)

    def picture(
        self, caller: Caller, app: ConnectedApp, wanted: Removal, request: Request
    ) -> Placed[Group]:
        """Order one picture of the app, as a group of one. `AppFailed`, else as a photo is."""
        if caller.grant is None:
            raise NotConnected(app.name)
        photos = planned(app, [self.asking.picture(app, caller.grant, wanted.about)])
        check_declared_size(photos[0].size_bytes)
        return self._place(caller, app, wanted, request, photos, SINGLE)

    def _place(
        self,
        caller: Caller,
        app: ConnectedApp,
        wanted: Removal,
        request: Request,
        photos: Photos,
        limit: Limit,
    ) -> Placed[Group]:
        route = f"POST /integrations/{app.name}"
        group_id = row_id("batch", caller.account, route, request.idempotency_key)
        asked = {
            "about": wanted.about,
            "steps": [step.model_dump(mode="json") for step in wanted.workflow],
            "returnTo": wanted.return_to,
        }
        request_hash = fingerprint(asked)
        total = price(wanted.tier, len(photos)).total + wanted.extra * len(photos)

        def draft(wallet: Wallet, now: datetime) -> Group:
            return Group(
                id=group_id,
                user_id=caller.account,
                app=APP,
                product=wanted.tier.product,
                workflow=wanted.workflow,
                lane=lane_of(wallet, now),
                total=len(photos),
                takes_uploads=False,
                is_zipped=len(photos) > 1,
                terms={PER_PHOTO: wanted.extra} if wanted.extra else None,
                price=total,
                pricing_type="credits",
                request_hash=request_hash,
                request_id=request.request_id,
                created_at=now,
                closes_at=closes_at(now),
                integration=Integration(
                    app=app.name, about=wanted.about, return_to=wanted.return_to
                ),
            )

        order = Order(
            kind=Group,
            id=group_id,
            app=APP,
            request_hash=request_hash,
            limit=limit,
            photos=len(photos),
            payment=Payment.CREDITS,
            draft=draft,
            expected_credits=request.expected_credits,
        )
        return self.grouping.order(caller, order, photos)


def _not_a_batch(pictures: int) -> InvalidRequest:
    return InvalidRequest.at(
        "body.projectId",
        Text(
            f"The project has {pictures} pictures; {MIN_BATCH} to {MAX_PICTURES} can be ordered"
            " at once",
            f"Proyek ini memiliki {pictures} gambar; {MIN_BATCH} sampai {MAX_PICTURES} dapat"
            " dipesan sekaligus",
        ),
    )
