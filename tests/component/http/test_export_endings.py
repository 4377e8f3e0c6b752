"""Exports that fail, are retried, called off, outlived by their ZIPs; and who is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.telling.mails import Mail
from lumiku.services.work.attempts import Attempt, Developed, PhotoRejected
from tests.component.desk import close, sweep
from tests.component.exporting import (
    EVERYTHING,
    archive,
    export,
    finish,
    project_of_three,
    rendered,
)
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, Answer
from tests.component.processing import balance


@pytest.fixture
def project(api: Api) -> tuple[str, dict[str, str]]:
    """A project of somebody on the plan professional; two of its three items have a picture."""
    return project_of_three(api)


def retry(api: Api, export_id: str, **sent: Any) -> Answer:
    return api.post(f"{P}/exports/{export_id}/retry", **sent)


def lost(_: Attempt) -> Developed:
    raise PhotoRejected("provider_failed", "The service could not make it.")


def test_what_failed_altogether_is_exported_again_at_what_came_back(
    api: Api, project: tuple[str, Any]
) -> None:
    before = balance(api)
    first = finish(api, export(api, project[0], **EVERYTHING), 0, 1)
    assert balance(api) == before

    again = retry(api, first["exportId"])
    shown = finish(api, again)

    assert (again.status, again.data["creditsUsed"]) == (202, 15)
    assert (shown["status"], shown["donePictures"]) == ("completed", 2)
    assert before - balance(api) == 15
    assert retry(api, first["exportId"]).data["export"]["exportId"] == shown["exportId"]
    assert before - balance(api) == 15
    assert len(archive(api, shown["exportId"]).namelist()) == 11


def test_what_the_service_failed_on_is_exported_once_more_for_nothing(
    api: Api, project: tuple[str, Any]
) -> None:
    before = balance(api)
    ordered = export(api, project[0])
    export_id = ordered.data["export"]["exportId"]
    api.stack.begin(f"{export_id}_0000", rendered)
    close(api.stack, export_id)  # nobody ever began the other one

    again = retry(api, export_id, headers={"idempotency-key": "a"})
    twin = retry(api, export_id, headers={"idempotency-key": "b"})
    shown = finish(api, again)

    assert (again.status, again.data["creditsUsed"]) == (202, 0)
    assert twin.data["export"]["exportId"] == shown["exportId"]
    assert [one["name"] for one in shown["pictures"]] == ["bag"]
    assert before - balance(api) == 5
    assert archive(api, shown["exportId"]).namelist()[0] == "bag-original-001.png"


def test_a_file_that_is_damaged_is_not_tried_for_nothing_for_ever(
    api: Api, project: tuple[str, Any]
) -> None:
    export_id = finish(api, export(api, project[0]), 0)["exportId"]

    first = retry(api, export_id, headers={"idempotency-key": "a"})
    second = retry(api, export_id, headers={"idempotency-key": "b"})

    assert first.data["export"]["exportId"] == second.data["export"]["exportId"]
    assert first.data["creditsUsed"] == 0


def test_an_export_that_is_called_off_in_time_costs_nothing(
    api: Api, project: tuple[str, Any]
) -> None:
    before = balance(api)
    export_id = export(api, project[0]).data["export"]["exportId"]

    for _ in range(2):
        called_off = api.post(f"{P}/exports/{export_id}/cancel")
        assert called_off.status == 200
    close(api.stack, export_id)

    shown = api.get(f"{P}/exports/{export_id}").data
    assert (shown["status"], shown["creditsRefunded"]) == ("cancelled", 5)
    assert balance(api) == before
    assert retry(api, export_id).json["code"] == "nothing_to_retry"
    assert api.post(f"{P}/exports/{export_id}/cancel").status == 200


def test_one_that_is_called_off_late_has_what_came_and_costs_its_price(
    api: Api, project: tuple[str, Any]
) -> None:
    before = balance(api)
    export_id = export(api, project[0]).data["export"]["exportId"]
    api.stack.begin(f"{export_id}_0000", rendered)

    api.post(f"{P}/exports/{export_id}/cancel")
    assert close(api.stack, export_id)["hasResults"]
    api.stack.call("zip_batch", {"groupId": export_id})

    assert before - balance(api) == 5
    assert archive(api, export_id).namelist()[0] == "shoe-original-001.png"
    done = finish(api, export(api, project[0]))
    assert api.post(f"{P}/exports/{done['exportId']}/cancel").json["code"] == "batch_closed"


def test_a_zip_outlives_its_items_and_goes_with_its_project(
    api: Api, project: tuple[str, Any]
) -> None:
    project_id, ids = project
    other = finish(api, export(api, project_id))["exportId"]
    running = export(api, project_id).data["export"]["exportId"]
    api("DELETE", f"{P}/items/{ids['shoe.jpg']}")
    sweep(api.stack)
    assert archive(api, other).namelist()[0] == "shoe-original-001.png"

    deleted = api("DELETE", f"{P}/projects/{project_id}", query={"cancel": "true"})
    sweep(api.stack)

    assert deleted.status == 200
    assert not api.stack.photos.keys("zip/")
    for what in ("download", "report"):
        assert api.get(f"{P}/exports/{other}/{what}").status == 404
    close(api.stack, running)
    assert api.get(f"{P}/exports/{running}").data["creditsRefunded"] == 5


def test_it_is_told_when_it_is_over_and_by_mail_if_that_took_long(
    api: Api, project: tuple[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = finish(api, export(api, project[0]), 0)["exportId"]
    told: list[tuple[str, dict[str, Any]]] = []
    app = api.stack.app("announce_batch")
    monkeypatch.setattr(
        type(app.announcements.events), "publish", lambda _, *event: told.append(event)
    )
    api.stack.call("announce_batch", {"groupId": export_id, "requestId": "r"})
    [(kind, detail)] = told
    assert (kind, detail["processedImages"], detail["creditsCharged"]) == ("export.closed", 1, 5)

    written: list[Mail] = []

    class Desk:
        def send(self, address: str, mail: Mail) -> None:
            written.append(mail)

    mailing = replace(api.stack.app("notify_batch").mailing, mailer=Desk())
    group = api.stack.groups.group(export_id)
    assert group is not None

    def after(seconds: int) -> str:
        clock = lambda: group.created_at + timedelta(seconds=seconds)  # noqa: E731
        return str(replace(mailing, clock=clock).write(export_id))

    mailing.accounts.describe(SELLER, email="seller@example.com")
    assert [after(60), after(61), after(62)] == ["soon_over", "written", "written_before"]
    [mail] = written
    assert "1 dari 2 gambar" in mail.subject or "1 of 2 pictures" in mail.subject
    assert export_id in mail.text
