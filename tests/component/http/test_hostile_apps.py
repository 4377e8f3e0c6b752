"""Apps that fail, hang and lie: told of precisely, and nothing is charged."""

from collections.abc import Iterator

import pytest

from lumiku.adapters.connected import calls
from tests.component.connected import Connected, pictures
from tests.component.http.conftest import Api
from tests.component.lane import photo
from tests.imitation_apps.app import ImitationApp, Wrong, imitated


@pytest.fixture
def app() -> Iterator[ImitationApp]:
    with imitated("avatar-creator") as started:
        started.projects["p1"] = pictures(12)
        yield started


@pytest.fixture
def connected(seller: Api, app: ImitationApp, monkeypatch: pytest.MonkeyPatch) -> Connected:
    return Connected(seller, app, monkeypatch)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (Wrong(status=500), "it answered 500"),
        (Wrong(status=302, headers={"Location": "/elsewhere"}), "it answered 302"),
        (Wrong(body=b"<html>"), "did not answer JSON"),
        (Wrong(body=b'{"pictures": []}'), "not what was agreed"),
        (Wrong(body=b"[" * 100_000), "did not answer JSON"),
        (Wrong(body=b" " * 1_000_001), "more than 1000000 bytes"),
        (Wrong(body=b'{"projectId": "p2", "pictures": []}'), "for another project"),
        (
            Wrong(
                body=b'{"projectId": "p1", "pictures": [{"pictureId": "../../x", "name": "x",'
                b' "sizeBytes": 9}]}'
            ),
            "not what was agreed",
        ),
        (
            Wrong(
                body=b'{"projectId": "p1", "pictures": [{"pictureId": "x", "projectId": "p2",'
                b' "name": "x", "sizeBytes": 9}]}'
            ),
            "for another project",
        ),
    ],
)
def test_an_app_that_answers_nonsense_is_charged_nothing(
    connected: Connected, wrong: Wrong, told: str
) -> None:
    connected.app.wrong["projects"] = wrong

    got = connected.avatars()

    assert (got.status, got.json["code"]) == (502, "app_failed")
    assert told in got.json["detail"]
    assert (connected.balance(), connected.spent()) == (1000, 0)
    assert connected.messages("FetchQueue") == []


def test_an_app_that_hangs_is_not_awaited(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "TIMEOUT_S", 0.2)
    connected.app.wrong["projects"] = Wrong(wait_s=0.6)

    got = connected.avatars()

    assert (got.status, got.json["code"]) == (502, "app_failed")
    assert "did not answer within" in got.json["detail"]
    assert connected.balance() == 1000


@pytest.mark.parametrize(("there", "status"), [(600, 400), (1, 400), (2, 201)])
def test_a_project_has_as_many_pictures_as_a_batch(
    connected: Connected, there: int, status: int
) -> None:
    connected.app.projects["p1"] = {f"a{number}": b"a photo" for number in range(there)}

    got = connected.avatars(tier="basic")

    assert got.status == status
    if status == 400:
        [error] = got.json["errors"]
        assert error["field"] == "body.projectId"
        assert f"{there} pictures; 2 to 500" in error["message"]
        assert connected.balance() == 1000


@pytest.mark.parametrize("size", [-1, 1])
def test_a_picture_that_is_not_as_large_as_was_told_is_given_back(
    connected: Connected, size: int
) -> None:
    data = photo()
    connected.app.projects["p1"] = {"a": data, "b": data}
    batch_id = connected.avatars(tier="basic").data["batchId"]
    connected.app.projects["p1"]["b"] = data[:-1] if size < 0 else data + b"x"

    connected.fetch()
    connected.close()

    shown = {one["pictureId"]: one for one in connected.shown(batch_id)["pictures"]}
    assert shown["a"]["status"] == "completed"
    assert shown["b"]["error"]["code"] == "photo_unreachable"
    assert (connected.balance(), connected.spent()) == (997, 3)


@pytest.mark.parametrize(
    "to",
    [
        "https://elsewhere.example.com/",
        "http://127.0.0.1/app",
        "{base}.example.com/",
        "{base}/../admin",
        "{base}/%2e%2e/admin",
        "{root}/application",
        "{base}\\@elsewhere.example.com",
        "javascript:alert(1)",
    ],
)
def test_people_are_sent_back_to_the_app_alone(connected: Connected, to: str) -> None:
    base = connected.app.url
    url = to.format(base=base, root=base.removesuffix("/app"))

    got = connected.avatars(more={"returnTo": url})

    assert (got.status, got.json["errors"][0]["field"]) == (400, "body.returnTo")
    assert connected.app.asked == []
