"""How many previews are shown: 60 a minute and 300 a day, and waiting counts for nothing."""

import pytest

from lumiku.domain.people.limits import PREVIEW, PREVIEWS_OF_DAY, Limit
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER
from tests.component.previewing import preview, ready
from tests.component.processing import bought
from tests.dynamodb import all_rows


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody who bought credits."""
    return bought(api)


def arrival(limit: Limit) -> int:
    """How far a limit of the seller is used, as its row has it."""
    [row] = [row for row in all_rows() if row["pk"] == f"RATE#{SELLER}#{limit.name}"]
    return int(row["arrival"])


def use_up(api: Api, limit: Limit) -> None:
    """Leave nothing of a limit, for as long as it takes."""
    us = limit.window_s * 1_000_000
    api.stack.dynamodb.update_item(
        TableName=api.stack.table,
        Key={"pk": {"S": f"RATE#{SELLER}#{limit.name}"}, "sk": {"S": "ARRIVAL"}},
        UpdateExpression="SET arrival = :used",
        ExpressionAttributeValues={":used": {"N": str(arrival(limit) + us - us // limit.count)}},
    )


def test_an_answer_says_what_is_left_of_both_limits(api: Api, item: str) -> None:
    ready(api, item)

    got = preview(api, item)

    policy = '"preview";q=60;w=60, "previews-of-day";q=300;w=86400'
    assert got.headers["ratelimit-policy"] == policy
    minute, day = got.headers["ratelimit"].split(", ")
    assert minute.startswith('"preview";r=5')
    assert day.startswith('"previews-of-day";r=298;')


@pytest.mark.parametrize("limit", [PREVIEW, PREVIEWS_OF_DAY], ids=lambda limit: limit.name)
def test_more_than_a_limit_allows_are_refused(api: Api, item: str, limit: Limit) -> None:
    ready(api, item)
    use_up(api, limit)

    got = preview(api, item)

    assert (got.status, got.json["limit"]) == (429, limit.name)
    assert got.headers["ratelimit-policy"] == f'"{limit.name}";q={limit.count};w={limit.window_s}'
    assert int(got.headers["retry-after"]) >= 1


def test_one_that_the_minute_refuses_does_not_count_for_the_day(api: Api, item: str) -> None:
    ready(api, item)
    use_up(api, PREVIEW)
    before = arrival(PREVIEWS_OF_DAY)

    assert preview(api, item).status == 429

    assert arrival(PREVIEWS_OF_DAY) == before


def test_one_that_waits_for_the_cut_out_counts_against_no_limit(api: Api, item: str) -> None:
    assert [preview(api, item).status for _ in range(3)] == [202, 202, 202]

    assert not [row for row in all_rows() if row["pk"].startswith(f"RATE#{SELLER}#preview")]
