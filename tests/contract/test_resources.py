"""What the stores, queues and accounts of the template must be set to."""

import json
from typing import Any, get_args

import pytest

from lumiku.domain.work.jobs import RESULT_DAYS
from lumiku.domain.work.photos import Lane
from lumiku.http.api import CHARGED_HEADERS
from lumiku.settings import Stage
from scripts.template import Function, functions, resources, template

QUEUES = resources("SQS::Queue")
SOURCES = {name: queue for name, queue in QUEUES.items() if "RedrivePolicy" in queue}
BUCKET = resources("S3::Bucket")["PhotosBucket"]
API = resources("Serverless::HttpApi")["HttpApi"]


def consumer(queue: str) -> Function:
    """The one function that a queue feeds."""
    [function] = [function for function in functions() if queue in function.queues]
    return function


def behind(queue: dict[str, Any]) -> str:
    """Name of the dead-letter queue of a queue."""
    name: str = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
    return name


def test_a_deployment_is_one_that_the_functions_know_and_gives_no_credits_away() -> None:
    parameters = template()["Parameters"]

    assert parameters["Stage"]["AllowedValues"] == list(get_args(Stage.__value__))
    assert parameters["PaymentGateway"]["Default"] == "none"


@pytest.mark.parametrize("name", [name for f in functions() for name in f.queues])
def test_a_message_stays_hidden_for_as_long_as_its_function_may_run(name: str) -> None:
    assert QUEUES[name]["VisibilityTimeout"] >= consumer(name).properties["Timeout"]


@pytest.mark.parametrize("name", SOURCES)
def test_what_fails_for_good_is_kept_longer_than_what_waits(name: str) -> None:
    queue = SOURCES[name]

    assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5
    kept = QUEUES[behind(queue)]["MessageRetentionPeriod"]
    assert kept > queue["MessageRetentionPeriod"]


@pytest.mark.parametrize("name", QUEUES)
def test_queues_are_encrypted_and_each_has_a_purpose(name: str) -> None:
    assert QUEUES[name]["SqsManagedSseEnabled"] is True
    feeds = [function for function in functions() if name in function.queues]
    assert feeds or name in {behind(queue) for queue in SOURCES.values()}


@pytest.mark.parametrize(
    ("function", "event"),
    [
        pytest.param(function, event["Properties"], id=f"{function.folder}-{name}")
        for function in functions()
        for name, event in function.properties.get("Events", {}).items()
        if event["Type"] == "SQS"
    ],
)
def test_a_queue_feeds_one_message_at_a_time_and_only_so_many_at_once(
    function: Function, event: dict[str, Any]
) -> None:
    assert event["BatchSize"] == 1
    assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert event["ScalingConfig"]["MaximumConcurrency"]


def test_photos_may_have_concurrency_that_nobody_else_takes() -> None:
    [worker] = [function for function in functions() if function.folder == "process_photo"]

    reserved = worker.properties["ReservedConcurrentExecutions"]["Fn::If"]

    assert reserved == [
        "ReservesForPhotos",
        {"Ref": "ReservedForPhotos"},
        {"Ref": "AWS::NoValue"},
    ]
    assert template()["Parameters"]["ReservedForPhotos"]["Default"] == 0


def test_every_lane_has_its_prefix_its_queue_and_dead_letters_that_settle() -> None:
    lanes = {f"{lane.title()}Lane" for lane in Lane}

    told = BUCKET["NotificationConfiguration"]["QueueConfigurations"]

    assert {
        (c["Filter"]["S3Key"]["Rules"][0]["Value"], c["Queue"]["Fn::GetAtt"][0]) for c in told
    } == {(f"in/{lane}/", f"{lane.title()}Lane") for lane in Lane}
    assert {c["Event"] for c in told} == {"s3:ObjectCreated:*"}
    for lane in lanes:
        assert consumer(lane).folder == "process_photo"
        assert consumer(behind(QUEUES[lane])).folder == "settle_job"


def test_nobody_outside_reads_the_bucket_and_nobody_reaches_it_without_tls() -> None:
    assert set(BUCKET["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(BUCKET["PublicAccessBlockConfiguration"]) == 4
    assert BUCKET["BucketEncryption"]
    assert BUCKET["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    policy = resources("S3::BucketPolicy")["PhotosBucketPolicy"]
    statements = policy["PolicyDocument"]["Statement"]
    assert [s for s in statements if s["Effect"] == "Allow"] == []
    [denied] = [
        s for s in statements if s["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    ]
    assert (denied["Principal"], denied["Action"]) == ("*", "s3:*")
    assert "/*" in json.dumps(denied["Resource"])


def test_photos_and_results_go_after_a_week_and_weights_stay() -> None:
    rules = BUCKET["LifecycleConfiguration"]["Rules"]
    ages = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "Prefix" in rule}

    assert ages.pop("work/") == 1  # longer than any job is tried
    others = {"beside/", "orders/", "zip/", "takeouts/"}
    assert {"in/", "out/"} <= ages.keys() <= {"in/", "out/"} | others
    assert set(ages.values()) == {RESULT_DAYS.days}
    assert all(rule["Status"] == "Enabled" for rule in rules)
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules)
    assert all("Prefix" in rule for rule in rules if "ExpirationInDays" in rule)


def test_the_table_can_be_brought_back_and_forgets_by_itself() -> None:
    [table] = resources("DynamoDB::Table").values()

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]


@pytest.mark.parametrize(
    "kind", ["AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::Cognito::UserPool"]
)
def test_what_people_own_outlives_the_stack(kind: str) -> None:
    for kept in [r for r in template()["Resources"].values() if r["Type"] == kind]:
        assert kept["DeletionPolicy"] in {"Retain", "RetainExceptOnCreate"}
        assert kept["UpdateReplacePolicy"] == "Retain"


def test_every_route_asks_for_a_token_of_this_pool_unless_it_says_otherwise() -> None:
    auth = API["Auth"]
    authorizer = auth["Authorizers"][auth["DefaultAuthorizer"]]

    assert authorizer["JwtConfiguration"]["audience"] == [{"Ref": "UserPoolClient"}]
    assert "${UserPool}" in authorizer["JwtConfiguration"]["issuer"]["Fn::Sub"]
    assert authorizer["IdentitySource"] == "$request.header.Authorization"


def test_a_login_does_not_tell_whether_an_account_exists() -> None:
    [client] = resources("Cognito::UserPoolClient").values()

    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert "GenerateSecret" not in client


def test_a_browser_may_read_our_headers_and_send_its_own() -> None:
    cors = API["CorsConfiguration"]
    methods = {route.method for f in functions() for route in f.routes} - {"$default"}

    assert {"X-Request-Id", "Retry-After", "ETag", *CHARGED_HEADERS} <= set(cors["ExposeHeaders"])
    assert {"Authorization", "Content-Type", "Idempotency-Key", "Accept-Language"} <= set(
        cors["AllowHeaders"]
    )
    assert methods <= set(cors["AllowMethods"])
