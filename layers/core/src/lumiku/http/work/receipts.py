"""JSON of receipts."""

from pydantic import Field

from lumiku.domain.hosting.tickets import Fault
from lumiku.domain.people.callers import ADMIN, Caller
from lumiku.domain.work.jobs import Job
from lumiku.http.bodies import Body


class FaultBody(Body):
    """A provider that did not answer, and what kind of reason it had."""

    entry: str
    kind: Fault


class ReceiptBody(Body):
    """How the result was made."""

    entry: str = Field(
        description="Entry of the tier's route that made it: `local`, or a provider's model",
        examples=["local"],
    )
    provider: str
    model: str | None = Field(description="Joined by + when several took part")
    request_id: str | None = Field(description="The provider's")
    weights: dict[str, str] = Field(
        description="SHA-256 of the files of the local models that ran, by model"
    )
    asked: dict[str, str] = Field(
        description="Who made what providers were asked for, by route: `local`, or an entry"
    )
    tries: int = Field(description="Calls of hosted providers")
    faults: list[FaultBody]
    stage_ms: dict[str, int] = Field(description="Milliseconds by stage, in order")
    credits: int


class CostedReceiptBody(ReceiptBody):
    """The same for administrators. Costs are in millionths of a US dollar."""

    provider_cost_micro_usd: int = Field(
        description="At list price; also when a provider that did not answer may bill"
    )
    lambda_cost_micro_usd: int = Field(description="By estimate")


def receipt_body(job: Job, caller: Caller) -> CostedReceiptBody | ReceiptBody | None:
    """A job's receipt, with what it cost us if an administrator asks; None without a result."""
    receipt = job.receipt
    if receipt is None or job.completed_at is None:
        return None
    shown = ReceiptBody(
        provider=receipt.provider,
        model=receipt.model,
        credits=job.price - job.refunded,
        asked={route: asked.entry for route, asked in receipt.asked.items()},
        **receipt.model_dump(exclude={"asked"}),
    )
    if ADMIN not in caller.scopes:
        return shown
    return CostedReceiptBody(
        provider_cost_micro_usd=receipt.provider_microusd,
        lambda_cost_micro_usd=receipt.lambda_microusd(job.completed_at.date()),
        **shown.model_dump(),
    )
