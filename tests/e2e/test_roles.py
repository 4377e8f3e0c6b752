"""Every role is tried at everything: rows, objects, queues, batches, people, events, mail."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from lumiku.adapters.rows import to_item
from scripts.template import functions, resources
from tests.e2e.service import Service
from tests.e2e.worker import DENIED, Worker, code_of
from tests.roles import ROLES

ROWS = sorted({place for role in ROLES.values() for place in role if place.endswith("#")})
FOLDERS = ("in/", "out/", "zip/", "work/", "models/", "kept/")
FUNCTIONS = {function.folder: function for function in functions()}

type Tries = Iterator[tuple[str, str, Callable[[], object]]]


@pytest.fixture(params=ROLES)
def folder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def worker(service: Service, folder: str) -> Iterator[Worker]:
    opened = Worker(service, FUNCTIONS[folder].name)
    yield opened
    opened.close()


def on_rows(service: Service, worker: Worker) -> Tries:
    """Requests that no row fulfils: nothing changes where they are allowed."""
    dynamodb, table = worker.client("dynamodb"), service.outputs.table
    never = {"TableName": table, "ConditionExpression": "attribute_exists(pk)"}
    much = {
        "UpdateExpression": "SET balance = :much",
        "ExpressionAttributeValues": to_item({":much": 1_000_000}),
    }

    def query(key: str, value: str, **index: str) -> Callable[[], object]:
        return partial(
            dynamodb.query,
            TableName=table,
            KeyConditionExpression=f"{key} = :key",
            ExpressionAttributeValues=to_item({":key": value}),
            **index,
        )

    for place in ROWS:
        row = to_item({"pk": f"{place}nobodys", "sk": "META"})
        several = {table: {"Keys": [row]}}
        yield place, "GetItem", partial(dynamodb.get_item, TableName=table, Key=row)
        yield place, "BatchGetItem", partial(dynamodb.batch_get_item, RequestItems=several)
        yield place, "Query", query("pk", f"{place}nobodys")
        yield place, "PutItem", partial(dynamodb.put_item, Item=row, **never)
        yield place, "UpdateItem", partial(dynamodb.update_item, Key=row, **never, **much)
        yield place, "DeleteItem", partial(dynamodb.delete_item, Key=row, **never)
    for index in ("gsi1", "gsi2"):
        yield index, "Query", query(f"{index}pk", "nobodys", IndexName=index)
    yield "Table", "Scan", partial(dynamodb.scan, TableName=table)
    yield "Table", "DeleteTable", partial(dynamodb.delete_table, TableName=table)


def on_objects(service: Service, worker: Worker) -> Tries:
    s3, bucket = worker.client("s3"), service.bucket
    for place in FOLDERS:
        thing = {"Bucket": bucket, "Key": f"{place}nobodys"}
        yield place, "GetObject", partial(s3.get_object, **thing)
        yield place, "PutObject", partial(s3.put_object, **thing, Body=b"x")
        yield place, "DeleteObject", partial(s3.delete_object, **thing)
    yield "PhotosBucket", "ListBucket", partial(s3.list_objects_v2, Bucket=bucket, MaxKeys=1)
    yield "PhotosBucket", "DeleteBucket", partial(s3.delete_bucket, Bucket=bucket)


def on_the_rest(service: Service, worker: Worker) -> Tries:
    """Requests that are made only where they must be denied."""
    names, pool = service.names, {"UserPoolId": service.outputs.user_pool_id}
    sqs, people = worker.client("sqs"), worker.client("cognito-idp")
    for queue in resources("SQS::Queue"):
        url = names[queue]
        yield queue, "SendMessage", partial(sqs.send_message, QueueUrl=url, MessageBody="{}")
        yield queue, "ReceiveMessage", partial(sqs.receive_message, QueueUrl=url)
        yield queue, "PurgeQueue", partial(sqs.purge_queue, QueueUrl=url)
    yield "UserPool", "ListUsers", partial(people.list_users, **pool)
    somebody = {**pool, "Username": "somebody"}
    sign_out = partial(people.admin_user_global_sign_out, **somebody)
    yield "UserPool", "AdminUserGlobalSignOut", sign_out
    delete = partial(people.admin_delete_user, **somebody)
    yield "UserPool", "AdminDeleteUser", delete
    machine = names["BatchStateMachine"]
    start = partial(worker.client("stepfunctions").start_execution, stateMachineArn=machine)
    yield "BatchStateMachine", "StartExecution", start
    event = {"Source": "lumiku", "DetailType": "batch.closed", "Detail": "{}"}
    entries = [{**event, "EventBusName": names["EventBus"]}]
    yield "EventBus", "PutEvents", partial(worker.client("events").put_events, Entries=entries)
    yield "anything", "ListRoles", worker.client("iam").list_roles
    yield "anything", "ListFunctions", worker.client("lambda").list_functions


def is_agreed(folder: str, place: str, action: str) -> bool:
    """Whether a function has the right, also by a shorter start of the same key."""
    return any(
        action in actions for start, actions in ROLES[folder].items() if place.startswith(start)
    )


def test_rows_and_objects_are_open_as_agreed_and_closed_otherwise(
    service: Service, worker: Worker, folder: str
) -> None:
    tries = [*on_rows(service, worker), *on_objects(service, worker)]

    wrong = [
        (place, action, code)
        for place, action, call in tries
        if ((code := code_of(call)) not in DENIED) != is_agreed(folder, place, action)
    ]

    assert wrong == []


def test_queues_batches_people_and_events_are_closed(
    service: Service, worker: Worker, folder: str
) -> None:
    denied = [
        (place, action, code_of(call))
        for place, action, call in on_the_rest(service, worker)
        if action not in ROLES[folder].get(place, ())
        and not (action == "ReceiveMessage" and place in FUNCTIONS[folder].queues)
    ]

    assert [one for one in denied if one[2] not in DENIED] == []
