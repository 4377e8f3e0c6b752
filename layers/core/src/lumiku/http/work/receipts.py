"""JSON of receipts."""

from pydantic import Field

from lumiku.domain.hosting.tickets import Fault
from lumiku.domain.work.jobs import Job
from lumiku.http.api import Body


class FaultBody(Body):
    """A provider that did not answer, and what kind of reason it had."""

    entry: str
    kind: Fault


class ReceiptBody(Body):
    """How the result was made. Costs are in millionths of a US dollar."""

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
    tries: int = Field(description="Calls of hosted providers")
    faults: list[FaultBody]
    stage_ms: dict[str, int] = Field(description="Milliseconds by stage, in order")
    provider_cost_micro_usd: int = Field(
        description="At list price; also when a provider that did not answer may bill"
    )
    lambda_cost_micro_usd: int = Field(description="By estimate")
    credits: int


def receipt_body(job: Job) -> ReceiptBody | None:
    """A job's receipt as its owner sees it; None without a result."""
    receipt = job.receipt
    if receipt is None or job.completed_at is None:
        return None
    return ReceiptBody(
        provider=receipt.provider,
        model=receipt.model,
        provider_cost_micro_usd=receipt.provider_microusd,
        lambda_cost_micro_usd=receipt.lambda_microusd(job.completed_at.date()),
        credits=job.price - job.refunded,
        **receipt.model_dump(),
    )
