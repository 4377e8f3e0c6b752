"""The moto of the tests answers as the one that was installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.dynamodb import REGION, TABLE, create_table
from tests.quick_moto import QUICK, USUAL

ROW: dict[str, Any] = {
    "text": {"S": "sepatu é"},
    "none": {"NULL": True},
    "flag": {"BOOL": False},
    "bytes": {"B": b"\x00\xff"},
    "names": {"SS": ["a", "b"]},
    "list": {"L": [{"N": "1"}, {"M": {"S": {"S": "deep"}, "L": {"L": []}}}]},
    "map": {"M": {"empty": {"S": ""}, "more": {"M": {"n": {"N": "-3.50"}}}}},
}


def key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def put(pk: str, sk: str, **more: Any) -> dict[str, Any]:
    return {"Put": {"TableName": TABLE, "Item": {**key(pk, sk), **more}}}


def change(pk: str, sk: str, expression: str, value: Any, condition: str = "") -> dict[str, Any]:
    op = {"Key": key(pk, sk), "UpdateExpression": expression, "TableName": TABLE}
    op["ExpressionAttributeValues"] = {":v": value}
    return {"Update": op | ({"ConditionExpression": condition} if condition else {})}


def drop(pk: str, sk: str) -> dict[str, Any]:
    return {"Delete": {"TableName": TABLE, "Key": key(pk, sk)}}


ONE = {"N": "1"}
TRANSACTIONS = [
    [put("p", "3"), put("q", "1", **ROW), drop("p", "1")],
    # Each of these is undone: all that came before the last of it too.
    [
        change("q", "1", "SET info = :v", {"S": "new"}),
        drop("p", "2"),
        put("p", "0"),
        put("r", "1"),
        change("p", "3", "ADD n :v", ONE, "attribute_exists(missing)"),
    ],
    [
        change("q", "1", "ADD n :v", ONE),
        change("p", "3", "ADD n :v", ONE),
        change("p", "2", "SET n = :v", ONE, "n > :v"),
    ],
    [put("p", "9"), put("p", "9")],
    [put("p", "8", big={"S": "x" * 405_000})],
    [change("q", "1", "ADD n :v", ONE, "attribute_exists(pk)"), change("s", "1", "ADD n :v", ONE)],
]


@contextmanager
def usual() -> Iterator[None]:
    """moto as it was installed."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, was in USUAL:
            if was is None:
                patch.delattr(owner, name)
            else:
                patch.setattr(owner, name, was)
        yield


def told(call: Any, **given: Any) -> Any:
    """What a client hears, but for the moment and the request's id."""
    try:
        answer = call(**given)
    except ClientError as error:
        answer = error.response
    meta = answer.pop("ResponseMetadata")
    return answer, meta["HTTPStatusCode"]


def story() -> list[Any]:
    """What is answered to reads and writes of all kinds."""
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        create_table(dynamodb)
        listed = {"gsi1pk": {"S": "l"}, "gsi1sk": {"S": "7"}}
        heard = [
            told(dynamodb.put_item, TableName=TABLE, Item={**key("p", sk), **ROW, **listed})
            for sk in "21"
        ]
        for transaction in TRANSACTIONS:
            heard.append(told(dynamodb.transact_write_items, TransactItems=transaction))
            heard.append(told(dynamodb.scan, TableName=TABLE))
        for pk in "pqrs":
            heard.append(told(dynamodb.get_item, TableName=TABLE, Key=key(pk, "1")))
            heard.append(
                told(
                    dynamodb.query,
                    TableName=TABLE,
                    KeyConditionExpression="pk = :pk",
                    ExpressionAttributeValues={":pk": {"S": pk}},
                    ScanIndexForward=False,
                    Limit=2,
                )
            )
        heard.append(
            told(
                dynamodb.query,
                TableName=TABLE,
                IndexName="gsi1",
                KeyConditionExpression="gsi1pk = :pk",
                ExpressionAttributeValues={":pk": {"S": "l"}},
            )
        )
        return heard


def test_quick_answers_are_the_usual_ones() -> None:
    with usual():
        expected = story()
        assert all(vars(owner).get(name) is was for owner, name, was in USUAL)
    assert all(vars(owner)[name] is quick for owner, name, quick in QUICK)

    assert story() == expected


def test_the_story_has_successes_and_each_kind_of_refusal() -> None:
    codes = [status for _, status in story()]
    assert {200, 400} <= set(codes)
