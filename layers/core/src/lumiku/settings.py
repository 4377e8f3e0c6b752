"""The environment of the functions, read here and nowhere else.

Each function reads the group that it needs when it starts, so that a missing variable ends its
cold start and not somebody's request.
"""

import os
from typing import Literal

from pydantic import BaseModel


class _Settings(BaseModel, frozen=True):
    """Some variables of the environment."""


class TableSettings(_Settings):
    """Where the rows are."""

    TABLE_NAME: str


class PhotoSettings(_Settings):
    """Where the photos are, and the host that links to them name; the bucket's when empty."""

    PHOTOS_BUCKET: str
    PHOTOS_HOST: str


class SettleSettings(_Settings):
    """Where failed jobs wait for their refund."""

    SETTLE_QUEUE_URL: str


class LaneSettings(_Settings):
    """Where jobs wait for a worker."""

    SINGLE_LANE_URL: str
    PRIORITY_LANE_URL: str
    STANDARD_LANE_URL: str


class IdentitySettings(_Settings):
    """Which application logs its users in."""

    USER_POOL_CLIENT_ID: str


class AddressSettings(_Settings):
    """Where the key is by which addresses are hashed."""

    ADDRESS_KEY_ARN: str


class DirectorySettings(_Settings):
    """Where the users are."""

    USER_POOL_ID: str


type Stage = Literal["local", "dev", "test", "prod"]


class GatewaySettings(_Settings):
    """What this deployment is for, who takes its money, and where the gateway and its key are."""

    STAGE: Stage
    PAYMENT_GATEWAY: Literal["sandbox", "midtrans", "none"]
    PAYMENT_SECRET_ARN: str
    MIDTRANS: str


class StateMachineSettings(_Settings):
    """Who closes batches."""

    BATCH_STATE_MACHINE: str


class EventSettings(_Settings):
    """Where it is told what happened."""

    EVENT_BUS: str


class MailSettings(_Settings):
    """Who e-mail is from; nobody when empty, and then none is sent."""

    MAIL_SENDER: str


class PageSettings(_Settings):
    """Where the page is, for links to it."""

    PAGE_URL: str


class WebhookSettings(_Settings):
    """Whether URLs of customers may be this machine itself; only where the stage is `local`."""

    STAGE: Stage
    WEBHOOK_LOOPBACK: Literal["refused", "allowed"]


class FetchSettings(_Settings):
    """Where photos wait that lie somewhere else."""

    FETCH_QUEUE_URL: str


class WebhookQueueSettings(_Settings):
    """Where deliveries of webhooks wait."""

    WEBHOOK_QUEUE_URL: str


class RouteSettings(_Settings):
    """Which hosted providers steps ask, as JSON; may be empty.

    Only where the stage is `local` may a provider be on this machine.
    """

    STAGE: str
    PROVIDER_ROUTES: str


class ProviderSettings(RouteSettings):
    """The same, and where their keys are; may be empty."""

    PROVIDER_SECRET_ARN: str


class ModelSettings(_Settings):
    """Which files of the embedded models are run: those built in int8, or as published."""

    WEIGHTS_PRECISION: Literal["int8", "fp32"]


class SandboxSettings(_Settings):
    """How large this sandbox is; Lambda sets it."""

    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: int


def read[S: _Settings](group: type[S]) -> S:
    """The group from the environment; `ValidationError` names what is missing."""
    return group.model_validate(dict(os.environ))
