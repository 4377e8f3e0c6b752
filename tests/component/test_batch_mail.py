"""The e-mail about a closed batch: once, in the customer's language, whatever SES does."""

import json
import re
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from lumiku.adapters.people.brands import BrandTable
from lumiku.adapters.rows import Rows
from lumiku.apps.remover.prices import Tier
from lumiku.domain.people.brands import Brand
from lumiku.domain.telling.group_mail import compose
from lumiku.domain.texts import Language
from lumiku.domain.work.groups import Group, Outcome, PlannedPhoto, planned_jobs
from lumiku.domain.work.jobs import STRAGGLER_TIME, UPLOAD_TIME, Failure, Status
from lumiku.domain.work.photos import Lane
from lumiku.services.clock import utc_now
from lumiku.services.transactions import CloseGroup, Insert
from tests.component.http_events import SELLER
from tests.component.stack import Stack
from tests.component.test_events import load
from tests.dynamodb import REGION

SENDER = "photos@lumiku.example"
BATCH = "batch_061b5dcc0e5f5dc1a147e64fe640006a"


@pytest.fixture
def closed(stack: Stack) -> Stack:
    """A closed batch of three photos, one of which is damaged, and its owner."""
    boto3.client("ses").verify_email_identity(EmailAddress=SENDER)
    now = utc_now()
    group = Group(
        id=BATCH,
        user_id=SELLER,
        app="background-remover",
        product=Tier.BASIC.product,
        workflow=(),
        lane=Lane.STANDARD,
        total=3,
        price=9,
        pricing_type="credits",
        request_hash="-",
        created_at=now,
        closes_at=now + UPLOAD_TIME + STRAGGLER_TIME,
    )
    stack.transactions.commit(Insert(group))
    names = ("a.jpg", "b.jpg", "<b>\n\u202ekasut.jpg")
    jobs = planned_jobs(group, tuple(PlannedPhoto(name=name, size_bytes=1) for name in names))
    stack.groups.make_jobs(jobs)
    stack.groups.open(group)
    damaged = Failure(code="damaged_photo", message="The photo is cut short.")
    stack.groups.end(jobs[2:], Status.FAILED, damaged, at=now)
    outcome = Outcome(completed=2, failed=1, expired=0, cancelled=0, refund=3)
    stack.transactions.commit(CloseGroup(group, outcome, now))
    return stack


def describe_owner(stack: Stack, language: str) -> None:
    stack.dynamodb.update_item(
        TableName=stack.table,
        Key={"pk": {"S": f"USER#{SELLER}"}, "sk": {"S": "ACCOUNT"}},
        UpdateExpression="SET email = :email, #language = :language",
        ExpressionAttributeNames={"#language": "language"},
        ExpressionAttributeValues={
            ":email": {"S": "seller@example.com"},
            ":language": {"S": language},
        },
    )


def tell(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the event to the function; answers the messages that must come back."""
    stack.app("notify_batch", MailSender=SENDER)
    answer = stack.call("notify_batch", load("notify_batch/closed"))
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


def sent() -> list[Any]:
    return list(ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages)


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "Your batch is done: 2 of 3 photos", ["Credits charged 6", "The file is damaged."]),
        (
            "id",
            "Batch Anda selesai: 2 dari 3 foto",
            ["Kredit yang dikembalikan 3", "Berkas rusak."],
        ),
    ],
)
def test_the_owner_reads_how_it_went(
    closed: Stack,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    subject: str,
    words: list[str],
) -> None:
    describe_owner(closed, language)

    assert tell(closed, monkeypatch) == []

    [mail] = sent()
    assert (mail.source, mail.subject) == (SENDER, subject)
    assert mail.destinations["ToAddresses"] == ["seller@example.com"]
    shown = " ".join(re.sub(r"<[^>]+>", " ", mail.body).split())
    for word in words:
        assert word in shown
    assert "http" not in mail.body


def test_a_brand_signs_what_is_written_to_its_account(
    closed: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe_owner(closed, "id")
    colours = {"accent_color": "#000000", "header_color": "#ffffff"}
    said = {"sender_name": "Kios Máju", "footer": "Jl. Merdeka 1"}
    brand = Brand(account=SELLER, slug="kios", name="Kios", **colours, **said)
    BrandTable(Rows(closed.dynamodb, closed.table)).save(None, brand)

    assert tell(closed, monkeypatch) == []

    [mail] = sent()
    assert mail.source == f"=?utf-8?q?Kios_M=C3=A1ju?= <{SENDER}>"
    assert "<p>Jl. Merdeka 1</p></body>" in mail.body


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "Your batch was cancelled: 2 of 3 photos are done"),
        ("id", "Batch Anda dibatalkan: 2 dari 3 foto selesai"),
    ],
)
def test_of_a_cancelled_batch_nobody_reads_that_it_is_done(
    closed: Stack, language: Language, subject: str
) -> None:
    group = closed.groups.group(BATCH)
    assert group is not None
    outcome = Outcome(completed=2, failed=0, expired=0, cancelled=1, refund=3)

    mail = compose(group, outcome, closed.groups.group_jobs(BATCH), language)

    assert mail.subject == subject


def test_the_same_closing_is_written_about_once(
    closed: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe_owner(closed, "en")

    tell(closed, monkeypatch)
    tell(closed, monkeypatch)

    assert len(sent()) == 1


def test_without_an_address_nothing_is_sent_and_nothing_comes_back(
    closed: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tell(closed, monkeypatch) == []
    assert sent() == []


def test_without_a_sender_nothing_is_sent(closed: Stack) -> None:
    describe_owner(closed, "en")

    answer = closed.call("notify_batch", load("notify_batch/closed"))

    assert answer == {"batchItemFailures": []}
    assert sent() == []


def test_a_refused_mail_is_tried_again(closed: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    describe_owner(closed, "en")
    app = closed.app("notify_batch", MailSender=SENDER)

    def refuse(**_: object) -> None:
        answer: Any = {
            "Error": {"Code": "Throttling", "Message": "Maximum sending rate exceeded."},
            "ResponseMetadata": {"HTTPStatusCode": 400},
        }
        raise ClientError(answer, "SendEmail")

    with monkeypatch.context() as broken:
        broken.setattr(app.mailing.mailer._client, "send_email", refuse)
        assert tell(closed, monkeypatch) != []

    assert tell(closed, monkeypatch) == []
    assert len(sent()) == 1


def test_a_mail_that_may_have_gone_out_is_not_sent_again(
    closed: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe_owner(closed, "en")
    app = closed.app("notify_batch", MailSender=SENDER)

    def hang(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="https://email.example.com")

    with monkeypatch.context() as broken:
        broken.setattr(app.mailing.mailer._client, "send_email", hang)
        assert tell(closed, monkeypatch) != []

    assert tell(closed, monkeypatch) == []
    assert sent() == []


def test_names_of_files_can_do_no_harm(closed: Stack) -> None:
    group = closed.groups.group(BATCH)
    assert group is not None
    assert group.outcome is not None

    mail = compose(group, group.outcome, closed.groups.group_jobs(BATCH), "en")

    assert "<b>\ufffd\ufffdkasut.jpg" in mail.text
    assert "&lt;b&gt;" in mail.html
    assert "\u202e" not in mail.text + mail.html


def test_names_keep_what_belongs_to_their_words(closed: Stack) -> None:
    group = closed.groups.group(BATCH)
    assert group is not None
    assert group.outcome is not None
    name = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f468\u200d\U0001f469.jpg"
    job = closed.groups.group_jobs(BATCH)[2].model_copy(update={"file_name": name})

    mail = compose(group, group.outcome, [job], "id")

    assert name in mail.text
    assert name in mail.html


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_command_that_fetches_the_zip_is_one_that_there_is(
    closed: Stack, language: Language
) -> None:
    group = closed.groups.group(BATCH)
    assert group is not None
    assert group.outcome is not None

    mail = compose(group, group.outcome, [], language)

    [command] = re.findall("lumiku .*", mail.text)
    assert command.split() == ["lumiku", "download", BATCH, "--out", "results.zip"]
    assert command in mail.html
    assert "http" not in mail.text + mail.html


def test_a_message_of_nobody_ends_in_the_dead_letters(closed: Stack) -> None:
    event = load("notify_batch/closed")
    event["Records"][0]["body"] = json.dumps({"detail-type": "batch.closed"})

    answer = closed.call("notify_batch", event)

    assert len(answer["batchItemFailures"]) == 1
