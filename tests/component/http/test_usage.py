"""The studio's statistics and usage over HTTP, and its part of the administrator's overview."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.apps.studio.prices import APP, OrderKind
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.services.clock import utc_now
from lumiku.services.transactions import Post
from tests.component.desk import close, filled, project, taken_in, upload
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER
from tests.component.processing import bought, done, on_plan, processed

LOOK = {"background-removal": 5, "template-background:desk-01": 12, "lighting": 10}
BOSS = {"groups": ["admin"]}


def order(
    api: Api,
    action: OrderKind,
    credits: int,
    parts: Mapping[str, int] | None = None,
    *,
    reference: str = "g1",
    kind: EntryKind = EntryKind.CHARGE,
    at: datetime | None = None,
) -> None:
    """An order, or what was given back of it, as its transaction writes it down."""
    entry = Entry(
        user_id=SELLER,
        kind=kind,
        amount=credits if kind is EntryKind.REFUND else -credits,
        reference=reference,
        at=at or utc_now(),
        app=APP,
        product=action.product,
        parts=parts,
        photos=1,
    )
    api.stack.transactions.commit(Post(entry))


@pytest.fixture
def busy(api: Api) -> Api:
    """A seller with an upload of two photos, one of which never came, and three other orders."""
    api.stack.open_account(SELLER, 500)
    upload_id = upload(api, project(api), "a.jpg", "never.jpg")["uploadId"]
    api.stack.work(f"{upload_id}_0000", taken_in)
    close(api.stack, upload_id)
    order(api, OrderKind.PROCESS, 25, LOOK, reference="g1")
    order(api, OrderKind.TEMPLATE, 15, {"template:desk-01": 15}, reference="g2")
    order(api, OrderKind.TEMPLATE, 15, {"template:sofa-02": 15}, reference="g3")
    order(
        api,
        *(OrderKind.TEMPLATE, 15, {"template:sofa-02": 15}),
        reference="g3",
        kind=EntryKind.REFUND,
    )
    return api


def test_statistics_add_up_what_was_ordered_by_action_feature_and_template(busy: Api) -> None:
    found = busy.get(f"{P}/stats").data

    assert (found["total"]["photos"], found["total"]["creditsUsed"]) == (5, 2 + 25 + 15)
    by_action = {one["action"]: one for one in found["actions"]}
    assert list(by_action) == list(OrderKind)
    assert (by_action["upload"]["photos"], by_action["upload"]["neverSent"]) == (2, 1)
    assert (by_action["template"]["failed"], by_action["template"]["successRate"]) == (1, 50.0)
    month = found["months"][-1]
    assert [one["action"] for one in month["actions"]] == ["upload", "process", "template"]
    assert month["features"] == [
        {"photos": 1, "credits": 4, "feature": "background-removal"},
        {"photos": 1, "credits": 10, "feature": "lighting"},
        {"photos": 1, "credits": 15, "feature": "template"},
        {"photos": 1, "credits": 11, "feature": "template-background"},
    ]
    assert month["templates"] == [
        {"photos": 2, "credits": 26, "templateId": "desk-01"},
        {"photos": 0, "credits": 0, "templateId": "sofa-02"},
    ]
    assert busy.get(f"{P}/stats", query={"month": "2020-01"}).data["total"]["photos"] == 0
    assert busy.get(f"{P}/stats", user=STRANGER).data["total"]["photos"] == 0
    other = busy.get("/api/apps/background-remover/stats").data["total"]
    assert other["photos"] == 0


def test_usage_lists_orders_with_their_features_page_by_page(busy: Api) -> None:
    lines: list[dict[str, Any]] = []
    cursor = None
    while cursor or not lines:
        page = busy.get(f"{P}/usage", query={"limit": "2"} | ({"cursor": cursor} if cursor else {}))
        lines += page.data["usage"]
        cursor = page.data["nextCursor"]

    assert sorted((line["action"], line["kind"], line["credits"]) for line in lines) == [
        ("process", "charge", 25),
        ("template", "charge", 15),
        ("template", "charge", 15),
        ("template", "refund", 15),
        ("upload", "charge", 4),
        ("upload", "refund", 2),
    ]
    assert [line["at"] for line in lines] == sorted((line["at"] for line in lines), reverse=True)
    [processed] = [line for line in lines if line["action"] == "process"]
    assert processed["features"] == [
        {"feature": "background-removal", "templateId": None, "credits": 4},
        {"feature": "template-background", "templateId": "desk-01", "credits": 11},
        {"feature": "lighting", "templateId": None, "credits": 10},
    ]
    assert busy.get(f"{P}/usage", user=STRANGER).data["usage"] == []


@pytest.mark.parametrize(
    ("feature", "references"),
    [("lighting", {"g1"}), ("template", {"g2", "g3"}), ("process", {"g1"}), ("upscale-2x", set())],
)
def test_usage_of_one_feature_or_action(busy: Api, feature: str, references: set[str]) -> None:
    found = busy.get(f"{P}/usage", query={"feature": feature}).data["usage"]

    assert {line["reference"] for line in found} == references


def test_usage_of_a_month_is_of_that_month_alone(api: Api) -> None:
    api.stack.open_account(SELLER, 500)
    first = utc_now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = first - timedelta(milliseconds=1)
    order(api, OrderKind.PROCESS, 5, {"background-removal": 5}, reference="old", at=before)
    order(api, OrderKind.PROCESS, 5, {"background-removal": 5}, reference="new", at=first)

    def references(month: datetime) -> list[str]:
        got = api.get(f"{P}/usage", query={"month": f"{month:%Y-%m}"}).data["usage"]
        return [line["reference"] for line in got]

    assert (references(first), references(before)) == (["new"], ["old"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"month": "2026-13"}, None),
        ({"month": "2999-01"}, None),
        ({"month": "now"}, "month"),
        ({"feature": "magic"}, "feature"),
        ({"limit": "101"}, "limit"),
        ({"cursor": "!"}, None),
    ],
)
def test_usage_that_cannot_be_told_is_refused_with_the_reason(
    api: Api, query: dict[str, str], field: str | None
) -> None:
    got = api.get(f"{P}/usage", query=query, headers={"accept-language": "id"})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    if field:
        assert got.json["errors"][0]["field"].endswith(field)
    if field == "feature":
        assert got.json["errors"][0]["message"].startswith("Salah satu dari: upload, ")


def test_the_overview_tells_what_the_studio_was_worth_and_cost_by_feature(busy: Api) -> None:
    made = busy.stack.put_job(
        "g1", SELLER, app=APP, product=OrderKind.PROCESS.product, price=25, parts=LOOK
    )
    busy.stack.work(made.id, taken_in)

    found = busy.get("/api/admin/overview", **BOSS).data

    assert found["total"]["photos"] == 5
    by_action = {one["action"]: one for one in found["studio"]["actions"]}
    assert (by_action["upload"]["creditsUsed"], by_action["upload"]["valueIdr"]) == (2, 200)
    assert (by_action["process"]["photos"], by_action["process"]["valueIdr"]) == (1, 2500)
    by_feature = {one["feature"]: one["valueIdr"] for one in found["studio"]["features"]}
    assert by_feature == {"background-removal": 400, "template-background": 1100, "lighting": 1000}
    [template] = found["studio"]["templates"]
    assert (template["templateId"], template["photos"], template["valueIdr"]) == (
        "desk-01",
        1,
        1100,
    )


def test_what_is_ordered_for_items_is_told_with_its_features_and_template(api: Api) -> None:
    item_id = bought(api)
    on_plan(api, "professional")
    desk = {"background": {"action": "template", "templateId": "cafe-wood"}}

    done(api, item_id, desk)
    done(api, item_id, {"background": {"action": "solid", "color": "#ffffff"}})
    applied = api.post(f"{P}/items/{item_id}/apply-template", {"templateId": "cafe-wood"}).data
    api.stack.begin(applied["generation"]["generationId"], processed)

    lines = api.get(f"{P}/usage", query={"limit": "3"}).data["usage"]
    assert [line["action"] for line in lines] == ["template", "process", "process"]
    used = [[(one["feature"], one["templateId"]) for one in line["features"]] for line in lines]
    assert used == [
        [("template", "cafe-wood")],
        [("solid-background", None)],  # the removal was paid for before
        [("background-removal", None), ("template-background", "cafe-wood")],
    ]
    assert all(sum(one["credits"] for one in line["features"]) == line["credits"] for line in lines)
    [template] = api.get(f"{P}/stats").data["months"][-1]["templates"]
    assert (template["templateId"], template["photos"]) == ("cafe-wood", 2)
    studio = api.get("/api/admin/overview", **BOSS).data["studio"]
    assert [(one["templateId"], one["photos"]) for one in studio["templates"]] == [("cafe-wood", 2)]
    assert sum(one["valueIdr"] for one in studio["features"]) == 100 * sum(
        line["credits"] for line in lines
    )


def test_what_is_kept_of_uploads_tells_no_features(api: Api) -> None:
    api.stack.open_account(SELLER, 500)
    filled(api, "a.jpg")

    assert api.get("/api/admin/overview", **BOSS).data["studio"]["features"] == []
    assert api.get(f"{P}/usage").data["usage"][0]["features"] == []
