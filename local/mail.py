"""E-mail on the laptop cloud: it takes mail from verified addresses and shows it, and sends none.

What was sent is at `/_ministack/ses/messages` of the laptop cloud.
"""

import tomllib

import boto3

from local.layout import ROOT, Layout


def sender() -> str:
    """The address that samconfig.toml gives the local stage."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
    given = config["local"]["deploy"]["parameters"]["parameter_overrides"]
    parameters: dict[str, str] = dict(pair.split("=", 1) for pair in given)
    return parameters["MailSender"]


def verify_sender(layout: Layout) -> None:
    """Have the address verified, as its owner does on AWS by a click."""
    with layout.as_root():
        boto3.Session().client("ses").verify_email_identity(EmailAddress=sender())
