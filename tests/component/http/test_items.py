"""Items of projects: found, changed by version, deleted for good, named by CSV."""

from datetime import timedelta
from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.services.projects import projects
from tests.component.desk import counted, filled, items, kept, sweep, told
from tests.component.http.conftest import Api
from tests.component.http.forms import BOUNDARY
from tests.component.http_events import SELLER, STRANGER, Answer
from tests.dynamodb import all_rows


@pytest.fixture
def rich(api: Api) -> Api:
    api.stack.open_account(SELLER, 500)
    return api


def names(found: list[dict[str, Any]]) -> list[str]:
    return [item["name"] for item in found]


def change(api: Api, item_id: str, **said: Any) -> Answer:
    return api("PATCH", f"{P}/items/{item_id}", body=said)


def test_items_are_listed_newest_first_page_by_page(rich: Api) -> None:
    project_id, _ = filled(rich, *(f"{number}.jpg" for number in range(5)))
    path, seen = f"{P}/projects/{project_id}/items", list[str]()
    cursor: str | None = ""
    for expected in (2, 2, 1):
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = rich.get(path, query=query).data
        assert len(page["items"]) == expected
        seen += names(page["items"])
        cursor = page["nextCursor"]

    assert (seen, cursor) == (["4", "3", "2", "1", "0"], None)


def test_items_are_found_by_tag_favorite_status_and_text(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg", "b.jpg", "c.jpg")
    change(rich, ids["a.jpg"], tags=["Lebaran", "merah"], favorite=True)
    change(rich, ids["b.jpg"], sku="SPT-0007", tags=["merah"])

    for query, found in (
        ({"tag": "lebaran"}, ["a"]),
        ({"tag": "merah"}, ["b", "a"]),
        ({"tag": "mer"}, []),
        ({"favorite": "true"}, ["a"]),
        ({"favorite": "false"}, ["c", "b"]),
        ({"status": "uploaded"}, ["c", "b", "a"]),
        ({"q": "spt-0"}, ["b"]),
        ({"q": "LEB"}, ["a"]),
        ({"q": "C"}, ["c"]),
        ({"q": "merah", "favorite": "false"}, ["b"]),
    ):
        assert names(items(rich, project_id, **query)) == found


def test_what_is_said_of_an_item_changes_by_version(rich: Api) -> None:
    _, ids = filled(rich, "a.jpg")
    path = f"{P}/items/{ids['a.jpg']}"
    first = change(rich, ids["a.jpg"], name="Sepatu", sku="S1", tags=["x", "x", "y"])
    stale = rich("PATCH", path, body={"name": "Mine"}, headers={"If-Match": '"1"'})
    again = rich("PATCH", path, body={"sku": None}, headers={"If-Match": first.headers["etag"]})

    assert (first.data["tags"], first.headers["etag"]) == (["x", "y"], '"2"')
    assert (stale.status, stale.json["version"]) == (412, 2)
    assert (again.data["name"], again.data["sku"], again.data["version"]) == ("Sepatu", None, 3)
    assert rich.get(path).data == again.data


@pytest.mark.parametrize(
    "said",
    [
        *({"name": name} for name in ("", " ", "a\nb", "a\x7f")),
        *({"sku": "x" * 65}, {"sku": "\x1b"}, {"tag": ["x"]}),
        *({"tags": tags} for tags in (["x"] * 21, ["x" * 41], [" "])),
    ],
)
def test_what_cannot_be_said_of_an_item_is_told(rich: Api, said: dict[str, Any]) -> None:
    assert change(rich, "item_none", **said).json["code"] == "invalid_request"


def test_a_deleted_item_is_gone_at_once_and_its_files_soon(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg", "b.jpg")
    path = f"{P}/items/{ids['a.jpg']}"
    stale = rich("DELETE", path, headers={"If-Match": '"7"'})
    gone = rich("DELETE", path)

    assert (stale.status, gone.data) == (412, {"deleted": ids["a.jpg"]})
    assert rich.get(path).status == rich("DELETE", path).status == 404
    assert change(rich, ids["a.jpg"], name="x").status == 404
    assert names(items(rich, project_id)) == ["b"]
    assert told(rich, project_id) == counted(project_id) == (1, 18)
    assert sweep(rich.stack) == {"item_files_removed": 1}
    assert {key.split("/")[3] for key in kept(rich.stack)} == {ids["b.jpg"]}
    assert sweep(rich.stack, later=timedelta(hours=2)) == {"item_removed": 1}
    rows = [row for row in all_rows() if row["sk"].startswith("ITEM#")]
    assert [row["id"] for row in rows] == [ids["b.jpg"]]


def test_deleting_one_item_twice_at_once_counts_once(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg", "b.jpg")
    store = rich.stack.app("items_api").items.store
    found = store.item(ids["a.jpg"])
    at = found[1].updated_at
    done = [store.delete_item(found[1], at) for _ in range(2)]

    assert done == [True, False]
    assert told(rich, project_id) == counted(project_id) == (1, 18)


def test_an_item_is_named_by_what_can_be_seen_of_its_file_name(rich: Api) -> None:
    _, ids = filled(rich, " .jpg", "a\nb.jpg")

    shown = [rich.get(f"{P}/items/{item_id}").data["name"] for item_id in ids.values()]

    assert set(shown) == {"photo", "a\ufffdb"}


def test_covers_are_looked_for_among_the_newest_photos_only(
    rich: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_id, ids = filled(rich, "a.jpg", "b.jpg", "c.jpg")
    for name in ("b.jpg", "c.jpg"):
        rich("DELETE", f"{P}/items/{ids[name]}")

    assert len(rich.get(f"{P}/projects/{project_id}").data["coverUrls"]) == 1
    monkeypatch.setattr(projects, "COVERS_AMONG", 2)
    assert rich.get(f"{P}/projects/{project_id}").data["coverUrls"] == []


def test_what_was_changed_since_it_was_read_is_not_deleted(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg")
    store = rich.stack.app("items_api").items.store
    project, item = store.item(ids["a.jpg"])
    change(rich, item.id, name="Sepatu")
    rich("PATCH", f"{P}/projects/{project_id}", body={"name": "Tas"})

    assert not store.delete_item(item, item.updated_at)
    assert not store.delete(project, item.updated_at)
    assert names(items(rich, project_id)) == ["Sepatu"]


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {}), ("DELETE", None)])
def test_an_item_of_somebody_else_is_like_none(rich: Api, method: str, body: object) -> None:
    project_id, ids = filled(rich, "a.jpg")

    for path in (f"{P}/items/{ids['a.jpg']}", f"{P}/items/item_none"):
        assert rich(method, path, body=body, user=STRANGER).status == 404
    for sent in ("items/bulk", "items/import-csv"):
        path = f"{P}/projects/{project_id}/{sent}"
        asked = {"itemIds": ["x"]} if sent.endswith("bulk") else {"csv": "sku,name\na,b\n"}
        assert rich.post(path, asked, user=STRANGER).status == 404
    assert rich.get(f"{P}/projects/{project_id}/items", user=STRANGER).status == 404


def test_many_items_are_changed_at_once(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg", "b.jpg")
    _, others = filled(rich, "c.jpg")
    change(rich, ids["a.jpg"], tags=["old", "both"])
    asked = {
        "itemIds": [*ids.values(), others["c.jpg"], "item_none"],
        "favorite": True,
        "addTags": ["new", "both"],
        "removeTags": ["old"],
    }

    got = rich.post(f"{P}/projects/{project_id}/items/bulk", asked)

    assert set(got.data["done"]) == set(ids.values())
    assert got.data["notFound"] == [others["c.jpg"], "item_none"]
    found = {item["name"]: item for item in items(rich, project_id, favorite="true")}
    assert (found["a"]["tags"], found["b"]["tags"]) == (["both", "new"], ["new", "both"])


def test_many_items_are_deleted_at_once(rich: Api) -> None:
    project_id, ids = filled(rich, *(f"{number}.jpg" for number in range(4)))
    asked = {"itemIds": [ids["0.jpg"], ids["0.jpg"], ids["1.jpg"]], "delete": True}

    got = rich.post(f"{P}/projects/{project_id}/items/bulk", asked)

    assert got.data["done"] == [ids["0.jpg"], ids["1.jpg"]]
    assert names(items(rich, project_id)) == ["3", "2"]
    assert told(rich, project_id) == counted(project_id) == (2, 36)


def test_changes_of_many_items_count_as_orders(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg")
    path = f"{P}/projects/{project_id}/items/bulk"
    asked = {"itemIds": list(ids.values()), "favorite": True}

    # More than ten: on a slow machine time enough goes by for one or two to be allowed again.
    statuses = [rich.post(path, asked).status for _ in range(20)]

    assert (statuses[0], set(statuses)) == (200, {200, 429})


def sent(api: Api, project_id: str, file: bytes) -> Answer:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    return api.post(
        f"{P}/projects/{project_id}/items/import-csv",
        raw_body=head.encode() + file + f"\r\n--{BOUNDARY}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )


CSV = 'File Name,Nama Produk,SKU,Tags\r\na.jpg,"Sepatu, merah",S-1,lebaran|merah\r\nB.JPG,,S-2,\r\n'


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        b"sku;file_name;name;tags\nS-1;a.jpg;Sepatu, merah;lebaran,merah\n\nS-2;b.jpg;;\n",
    ],
    ids=["commas", "with a mark", "semicolons"],
)
def test_a_csv_file_names_items(rich: Api, data: bytes) -> None:
    project_id, ids = filled(rich, "a.jpg", "b.jpg")

    got = sent(rich, project_id, data)

    assert (got.status, got.data["changed"], got.data["failed"]) == (200, 2, 0)
    assert [line["itemId"] for line in got.data["lines"]] == [ids["a.jpg"], ids["b.jpg"]]
    b, a = items(rich, project_id)
    assert (a["name"], a["sku"], a["tags"]) == ("Sepatu, merah", "S-1", ["lebaran", "merah"])
    assert (b["name"], b["sku"], b["tags"]) == ("b", "S-2", [])


def test_a_line_that_cannot_be_used_says_why_and_stops_no_other(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg", "b.jpg", "b.jpg")
    text = (
        "file_name,name,sku\n"
        'a.jpg,"=HYPERLINK(""http://x"")",S\n'
        "b.jpg,B,S\n"
        "none.jpg,N,S\n"
        f"a.jpg,{'x' * 201},S\n"
        "a.jpg,A,S-9\n"
    )
    path = f"{P}/projects/{project_id}/items/import-csv"

    got = rich.post(path, {"csv": text})
    id_ = rich.post(path, {"csv": text}, headers={"Accept-Language": "id"})

    assert [line["line"] for line in got.data["lines"]] == [2, 3, 4, 5, 6]
    assert [line["problem"] for line in got.data["lines"]] == [
        "A cell begins like a formula (= + - @).",
        "Several items have this file name or SKU.",
        "No item has this file name or SKU.",
        "name has more than 200 characters.",
        None,
    ]
    assert "rumus" in id_.data["lines"][0]["problem"]
    item = rich.get(f"{P}/items/{ids['a.jpg']}").data
    assert (item["name"], item["sku"], item["version"]) == ("A", "S-9", 2)


def test_of_several_lines_about_an_item_the_last_one_counts(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg")
    text = "file_name,name\na.jpg,B\na.jpg,a\n"

    rich.post(f"{P}/projects/{project_id}/items/import-csv", {"csv": text})

    assert rich.get(f"{P}/items/{ids['a.jpg']}").data["name"] == "a"


def test_items_are_found_by_sku_where_there_is_no_file_name(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg")
    change(rich, ids["a.jpg"], sku="S-1")

    got = rich.post(f"{P}/projects/{project_id}/items/import-csv", {"csv": "SKU;Tag\ns-1;x\n"})

    assert got.data["lines"] == [{"line": 2, "itemId": ids["a.jpg"], "problem": None}]
    assert rich.get(f"{P}/items/{ids['a.jpg']}").data["tags"] == ["x"]


@pytest.mark.parametrize(
    ("text", "told_of"),
    [
        ("", "no lines"),
        ("a,b\n1,2\n", "names the columns"),
        ("file_name\na.jpg\n", "names the columns"),
        ("file_name,name,name\na.jpg,a,b\n", "names the columns"),
        ("file_name,name\n" + "a.jpg,x\n" * 501, "at most 500 lines"),
    ],
)
def test_a_file_that_is_not_as_documented_is_refused(rich: Api, text: str, told_of: str) -> None:
    project_id, _ = filled(rich, "a.jpg")

    got = rich.post(f"{P}/projects/{project_id}/items/import-csv", {"csv": text})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert told_of in got.json["errors"][0]["message"]


def test_a_file_that_is_not_utf_8_is_refused(rich: Api) -> None:
    project_id, _ = filled(rich, "a.jpg")
    data = "sku,name\nS,Café\n".encode("latin-1")

    got = sent(rich, project_id, data)

    assert (got.status, got.json["errors"][0]["field"]) == (400, "body.file")
