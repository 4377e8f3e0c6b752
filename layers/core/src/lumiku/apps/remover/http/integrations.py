"""JSON of removals that other apps order."""

from typing import Annotated, Literal

from pydantic import Field

from lumiku.apps.remover.http.jobs import JobError, ShownStatus, job_error, shown_status
from lumiku.apps.remover.integrations import Removal, pipeline, removal
from lumiku.apps.remover.ordering import Request
from lumiku.apps.remover.prices import Tier, price
from lumiku.domain.connected.apps import ConnectedApp
from lumiku.domain.instant import Instant
from lumiku.domain.texts import Language, Text
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.field_errors import worded
from lumiku.services.connected.asking import THEIR_ID
from lumiku.services.work.groups import BatchStatus, BatchView
from lumiku.services.work.ordering import Placed

_Id = Annotated[
    str,
    Field(
        pattern=worded(
            THEIR_ID,
            Text("1 to 128 letters, digits, _ and -", "1 sampai 128 huruf, angka, _ dan -"),
        )
    ),
]


class _Ordered(RequestBody):
    """What comes with every order."""

    return_to: str | None = Field(
        default=None,
        max_length=2048,
        description="Where people are sent back to; lies under the app's base URL",
    )
    expected_credits: int | None = Field(
        default=None, strict=True, ge=0, description="Refuse with 409 if today's price is another"
    )

    def checked_return(self, app: ConnectedApp) -> str | None:
        """Where people are sent back to; `InvalidRequest` if that is not the app's."""
        return None if self.return_to is None else app.check_own(self.return_to, "body.returnTo")

    def request(self, message_id: str, request_id: str) -> Request:
        """What comes with it; the same signed message orders once."""
        return Request(message_id, self.expected_credits, request_id)


class ProjectRemoval(_Ordered):
    """All pictures of a project of the app."""

    project_id: _Id = Field(description="Of the app")
    tier: Tier

    def removal(self, app: ConnectedApp) -> Removal:
        """The same, as the use case takes it."""
        return removal(self.project_id, self.tier, self.checked_return(app))


class GeneratedImageRemoval(_Ordered):
    """A picture that the app generated."""

    generated_image_id: _Id = Field(description="Of the app")
    tier: Tier = Tier.STANDARD

    def removal(self, app: ConnectedApp) -> Removal:
        """The same, as the use case takes it."""
        return removal(self.generated_image_id, self.tier, self.checked_return(app))


class PipelineRemoval(_Ordered):
    """A picture that is cut out and enlarged, in either order."""

    image_id: _Id = Field(description="Of the app")
    pipeline: Literal["remove-then-upscale", "upscale-then-remove"]
    removal_tier: Tier
    upscale_factor: Literal[2, 4]

    def removal(self, app: ConnectedApp) -> Removal:
        """The same, as the use case takes it."""
        is_upscaled_first = self.pipeline == "upscale-then-remove"
        return pipeline(
            self.image_id,
            self.removal_tier,
            self.upscale_factor,
            is_upscaled_first=is_upscaled_first,
            return_to=self.checked_return(app),
        )


class IntegrationBatch(Body):
    """The pictures of a project are paid for, and on their way."""

    batch_id: str
    project_id: str
    total_credits: int
    discount_percentage: int
    credits_remaining: int
    integrated_with: str
    return_to: str | None


class AvatarBatch(IntegrationBatch):
    """The avatars of a project."""

    total_avatars: int


class SlideBatch(IntegrationBatch):
    """The slides of a carousel."""

    total_slides: int


class IntegrationJob(Body):
    """One picture; `processedUrl` fetches the result for 15 minutes, once it is there."""

    batch_id: str
    job_id: str
    picture_id: str
    status: ShownStatus
    processed_url: str | None
    error: JobError | None
    credits_used: int
    credits_remaining: int
    integrated_with: str
    return_to: str | None


class IntegrationPicture(Body):
    """One picture of the app; `url` fetches the result for 15 minutes, once it is there."""

    picture_id: str
    job_id: str
    status: ShownStatus
    url: str | None
    width: int | None
    height: int | None
    error: JobError | None


class IntegrationProgress(Body):
    """How far an order of the app is."""

    batch_id: str
    status: BatchStatus
    about: str = Field(description="The app's project or picture")
    credits_used: int
    credits_refunded: int | None = Field(description="Once it is closed")
    pictures: list[IntegrationPicture]
    integrated_with: str
    return_to: str | None
    created_at: Instant
    completed_at: Instant | None


def batch_facts(placed: Placed[Group]) -> dict[str, object]:
    """What is answered of any batch."""
    group = placed.order
    about = group.integration
    return {
        "batch_id": group.id,
        "project_id": about.about if about else "",
        "total_credits": group.price,
        "discount_percentage": price(Tier.of(group.product), group.total).discount_percent,
        "credits_remaining": placed.balance,
        "integrated_with": group.integrated_with,
        "return_to": about.return_to if about else None,
    }


def job_body(
    placed: Placed[Group], job: Job, url: str | None, language: Language
) -> IntegrationJob:
    """What is answered of one picture."""
    about = placed.order.integration
    return IntegrationJob(
        batch_id=placed.order.id,
        job_id=job.id,
        picture_id=job.source.picture or "",
        status=shown_status(job),
        processed_url=url,
        error=job_error(job.failure, language) if job.failure and job.status.is_over else None,
        credits_used=placed.order.price,
        credits_remaining=placed.balance,
        integrated_with=placed.order.integrated_with or "",
        return_to=about.return_to if about else None,
    )


def progress_body(
    view: BatchView, pictures: list[tuple[Job, str | None]], language: Language
) -> IntegrationProgress:
    """An order as its app sees it."""
    group, about, outcome = view.group, view.group.integration, view.group.outcome
    return IntegrationProgress(
        batch_id=group.id,
        status=view.status,
        about=about.about if about else "",
        credits_used=group.price - (outcome.refund if outcome else 0),
        credits_refunded=outcome.refund if outcome else None,
        pictures=[_picture(job, url, language) for job, url in pictures],
        integrated_with=group.integrated_with or "",
        return_to=about.return_to if about else None,
        created_at=group.created_at,
        completed_at=group.closed_at,
    )


def _picture(job: Job, url: str | None, language: Language) -> IntegrationPicture:
    over = job.status.is_over
    return IntegrationPicture(
        picture_id=job.source.picture or "",
        job_id=job.id,
        status=shown_status(job),
        url=url,
        width=job.result.width_px if job.result else None,
        height=job.result.height_px if job.result else None,
        error=job_error(job.failure, language) if job.failure and over else None,
    )
