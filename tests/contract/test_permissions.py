"""What the role of each function may do, read from the template."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import pytest

from lumiku.domain.work.photos import Lane
from scripts.template import Function, functions, resources
from tests.roles import ROLES

ROW_ACTIONS = {
    f"dynamodb:{name}"
    for name in (
        "BatchGetItem",
        "BatchWriteItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "UpdateItem",
    )
}
MONEY = ("USER#u", "USER#u#LEDGER", "USER#u#JOBS", "RATE#u#single", "AUDIT#u#202611")

each_function = pytest.mark.parametrize("function", functions(), ids=lambda f: f.folder)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def by_folder(folder: str) -> Function:
    return next(function for function in functions() if function.folder == folder)


def allowed(folder: str, action: str) -> list[str]:
    """Resources, as written in the template, on which a function may do `action`."""
    return [
        text
        for statement in by_folder(folder).statements
        if action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        for text in [resource.get("Fn::Sub") or ".".join(resource["Fn::GetAtt"])]
    ]


def leading_keys(statement: dict[str, Any]) -> list[str]:
    condition = statement.get("Condition", {}).get("ForAllValues:StringLike", {})
    return listed(condition.get("dynamodb:LeadingKeys", []))


def reached(keys: tuple[str, ...], statement: dict[str, Any]) -> list[str]:
    """Those of the keys that a statement's condition lets through."""
    patterns = leading_keys(statement)
    return [key for key in keys if any(fnmatchcase(key, pattern) for pattern in patterns)]


@each_function
def test_a_role_is_the_functions_own_and_says_exactly_what_it_may(function: Function) -> None:
    assert "Role" not in function.properties
    for policy in function.properties.get("Policies", []):
        assert isinstance(policy, dict)
        assert policy["Version"] == "2012-10-17"
    for statement in function.statements:
        assert statement["Sid"]
        assert not {"NotAction", "NotResource"} & statement.keys()
        assert all("*" not in action for action in listed(statement["Action"]))
        if statement["Action"] == "states:SendTaskSuccess":
            continue  # its task token is what permits; the action knows no narrower resource
        if statement["Action"] == "ses:SendEmail":
            from_address = {"ses:FromAddress": {"Ref": "MailSender"}}
            assert statement["Condition"] == {"StringEqualsIfExists": from_address}
            continue
        for resource in listed(statement["Resource"]):
            assert isinstance(resource, dict), f"{resource} is not one of the template's own"
            assert not json.dumps(resource).startswith('{"Fn::Sub": "*')


def places(statement: dict[str, Any]) -> list[str]:
    """Where a statement counts, as `tests/roles.py` names it."""
    if keys := leading_keys(statement):
        return [key.removesuffix("*") for key in keys]
    return [
        resource
        if isinstance(resource, str)
        else re.sub(r"\$\{\w+\.Arn\}/(index/)?|\*$", "", resource["Fn::Sub"])
        if "Fn::Sub" in resource
        else resource.get("Ref") or resource["Fn::GetAtt"][0]
        for resource in listed(statement["Resource"])
    ]


@each_function
def test_a_role_may_do_what_was_agreed_and_nothing_else(function: Function) -> None:
    found: dict[str, set[str]] = {}
    for statement in function.statements:
        for place in places(statement):
            actions = {action.split(":")[1] for action in listed(statement["Action"])}
            found.setdefault(place, set()).update(actions)

    assert found == ROLES[function.folder]


def test_logging_in_changes_addresses_and_no_balance() -> None:
    [updates] = [
        s for s in by_folder("auth_api").statements if "dynamodb:UpdateItem" in listed(s["Action"])
    ]

    attributes = updates["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]

    settings = {"email", "language", "monthly_report", "free_month"}
    assert set(attributes) == {"pk", "sk", *settings, "arrival", "ttl"}


@each_function
def test_a_function_that_a_queue_feeds_takes_from_its_own_queues_alone(function: Function) -> None:
    """SAM gives it AWS's managed policy, which is about every queue of the account."""
    denied = [
        (set(statement["Action"]), [queue["Fn::GetAtt"][0] for queue in statement["NotResource"]])
        for statement in function.denials
    ]

    taking = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
    assert denied == ([(taking, function.queues)] if function.queues else [])


@each_function
def test_rows_are_reached_only_by_the_kinds_of_keys_that_a_role_names(function: Function) -> None:
    for statement in function.statements:
        if ROW_ACTIONS & set(listed(statement["Action"])):
            assert leading_keys(statement), statement["Sid"]
            assert all(key.split("*")[0].endswith("#") for key in leading_keys(statement))


@each_function
def test_nobody_scans_and_rows_of_money_are_never_overwritten_or_deleted(
    function: Function,
) -> None:
    for statement in function.statements:
        actions = set(listed(statement["Action"]))
        assert "dynamodb:Scan" not in actions
        # What deletes, or puts and deletes without any condition; but whoever erases accounts.
        if function.folder != "release_accounts" and actions & {
            "dynamodb:DeleteItem",
            "dynamodb:BatchWriteItem",
        }:
            assert not reached(MONEY, statement)


def test_the_function_that_opens_hostile_files_touches_no_money() -> None:
    statements = by_folder("process_photo").statements
    on_rows = [s for s in statements if any("dynamodb:" in a for a in listed(s["Action"]))]

    assert {key: listed(s["Action"]) for s in on_rows for key in leading_keys(s)} == {
        "JOB#*": ["dynamodb:UpdateItem"],
        "GROUP#*": ["dynamodb:UpdateItem"],
        "PROVIDER#*": ["dynamodb:GetItem", "dynamodb:UpdateItem"],
    }
    for statement in on_rows:
        assert listed(statement["Resource"]) == [{"Fn::GetAtt": ["Table", "Arn"]}]
        assert not reached(MONEY, statement)


@pytest.mark.parametrize(
    ("folder", "secret", "condition"),
    [
        ("process_photo", "ProviderSecretArn", "HasProviders"),
        ("billing_api", "PaymentSecretArn", "HasPaymentSecret"),
        ("sweep", "PaymentSecretArn", "HasPaymentSecret"),
    ],
)
def test_keys_are_read_by_who_calls_with_them_and_only_if_there_are_any(
    folder: str, secret: str, condition: str
) -> None:
    [statement] = _reading_secrets(by_folder(folder))

    assert statement["Action"] == "secretsmanager:GetSecretValue"
    assert statement["Resource"] == {"Ref": secret}
    [policy] = by_folder(folder).properties["Policies"]
    assert {"Fn::If": [condition, statement, {"Ref": "AWS::NoValue"}]} in policy["Statement"]


def test_nobody_else_reads_keys() -> None:
    reading = {function.folder for function in functions() if _reading_secrets(function)}

    assert reading == {"process_photo", "billing_api", "sweep", "auth_api"}


def _reading_secrets(function: Function) -> list[dict[str, Any]]:
    return [
        statement
        for statement in function.statements
        if any("secretsmanager:" in action for action in listed(statement["Action"]))
    ]


def test_the_function_that_opens_hostile_files_writes_only_results() -> None:
    assert sorted(allowed("process_photo", "s3:GetObject")) == [
        "${PhotosBucket.Arn}/beside/*",
        "${PhotosBucket.Arn}/in/*",
        "${PhotosBucket.Arn}/kept/*",
        "${PhotosBucket.Arn}/models/*",
        "${PhotosBucket.Arn}/out/*",
        "${PhotosBucket.Arn}/work/*",
    ]
    assert sorted(allowed("process_photo", "s3:PutObject")) == [
        "${PhotosBucket.Arn}/out/*",
        "${PhotosBucket.Arn}/work/*",
    ]


def test_a_presigned_request_can_do_no_more_than_upload_a_photo_and_fetch_a_result() -> None:
    """What a function signs is done with its own rights."""
    assert allowed("jobs_api", "s3:PutObject") == ["${PhotosBucket.Arn}/in/*"]
    assert set(allowed("jobs_api", "s3:GetObject")) <= {
        "${PhotosBucket.Arn}/in/*",
        "${PhotosBucket.Arn}/out/*",
    }
    actions = {a for s in by_folder("jobs_api").statements for a in listed(s["Action"])}
    assert {a for a in actions if a.startswith("s3:")} == {"s3:GetObject", "s3:PutObject"}


def test_of_services_only_s3_on_behalf_of_this_account_puts_photos_on_the_lanes() -> None:
    lanes = {f"{lane.title()}Lane" for lane in Lane}
    policies = [
        policy
        for policy in resources("SQS::QueuePolicy").values()
        if lanes & {queue["Ref"] for queue in policy["Queues"]}
    ]
    [statement] = [s for policy in policies for s in policy["PolicyDocument"]["Statement"]]

    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Action"] == "sqs:SendMessage"
    assert statement["Condition"]["StringEquals"] == {
        "aws:SourceAccount": {"Ref": "AWS::AccountId"}
    }
    assert "ArnEquals" in statement["Condition"]
