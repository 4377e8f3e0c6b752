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

__all__ = [
    "ApiProblem",
    "Batch",
    "BatchItem",
    "BatchPhoto",
    "BatchStatus",
    "BatchSubmission",
    "Client",
    "Credits",
    "Job",
    "JobError",
    "JobMetadata",
    "JobStatus",
    "Payment",
    "PhotoUpload",
    "Price",
    "Progress",
    "ProviderFault",
    "Receipt",
    "Result",
    "Session",
    "Stage",
    "Submission",
    "Tier",
    "UploadTicket",
]
