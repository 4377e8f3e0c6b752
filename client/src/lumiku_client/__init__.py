"""Typed SDK of the Lumiku photo API. The command line `lumiku` is built on it."""

from ._batch_models import (
    Batch,
    BatchItem,
    BatchPhoto,
    BatchStatus,
    BatchSubmission,
    Payment,
    PhotoUpload,
    Price,
)
from ._billing_models import Invoice, Package, Plan, Stats, Subscription
from ._client import Client
from ._errors import ApiProblem
from ._models import (
    Credits,
    Job,
    JobError,
    JobMetadata,
    JobStatus,
    Progress,
    ProviderFault,
    Receipt,
    Result,
    Session,
    Stage,
    Submission,
    Tier,
    UploadTicket,
)
from ._options import Format, Options, Output

__all__ = [
    "ApiProblem",
    "Batch",
    "BatchItem",
    "BatchPhoto",
    "BatchStatus",
    "BatchSubmission",
    "Client",
    "Credits",
    "Format",
    "Invoice",
    "Job",
    "JobError",
    "JobMetadata",
    "JobStatus",
    "Options",
    "Output",
    "Package",
    "Payment",
    "PhotoUpload",
    "Plan",
    "Price",
    "Progress",
    "ProviderFault",
    "Receipt",
    "Result",
    "Session",
    "Stage",
    "Stats",
    "Submission",
    "Subscription",
    "Tier",
    "UploadTicket",
]
