"""Other apps of the platform on the wire: what they order for who connected them, and get."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from PIL import Image
from skimage import data as samples

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from tests.e2e.buyer import ANSWER_S, Buyer, buyer, data
from tests.e2e.connected import added, administrator
from tests.e2e.service import Service, until
from tests.imitation_apps.app import ImitationApp

AVATARS, CREDITS = 12, 400
SIDE_PX = 96


def photo(number: int) -> bytes:
    """A part of a real photo."""
    whole = Image.fromarray(samples.astronaut())  # type: ignore[no-untyped-call]
    part = whole.crop((60 + number, 0, 400 + number, 340)).resize((SIDE_PX, SIDE_PX))
    file = io.BytesIO()
    part.save(file, "JPEG", quality=92)
    return file.getvalue()


@pytest.fixture(scope="module")
def admin(service: Service) -> Iterator[Buyer]:
    with administrator(service) as opened:
        yield opened


class Wire:
    """Signed requests of an app by the grant of an account."""

    def __init__(self, service: Service, app: ImitationApp, account: Buyer, cap: int) -> None:
        self.service, self.app, self.account = service, app, account
        asked = {"scopes": ["remove"], "monthlyCap": cap}
        path = f"/api/connections/{app.name}"
        self.grant = str(data(account("PUT", path, json=asked))["grant"]["grantId"])

    def __call__(self, method: str, path: str, body: Any = None, **sent: Any) -> httpx.Response:
        text = "" if body is None else json.dumps(body)
        signed = self.app.signed(method, path, sent.pop("grant", self.grant), text, **sent)
        return httpx.request(
            method,
            f"{self.service.outputs.api_url}{path}",
            content=text or None,
            headers=signed | ({"content-type": "application/json"} if text else {}),
            timeout=ANSWER_S,
        )

    def finished(self, batch_id: str) -> dict[str, Any]:
        """The order, once the app was told of it."""

        def told() -> bool:
            return any(event["data"]["batchId"] == batch_id for event in self.app.told)

        until(told, seconds=240)
        found = data(self("GET", f"{P}/integrations/{self.app.name}/batch/{batch_id}"))
        return dict(found)


@pytest.fixture
def account(service: Service) -> Iterator[Buyer]:
    with buyer(service, CREDITS) as opened:
        yield opened


def picture(url: str) -> Image.Image:
    return Image.open(io.BytesIO(httpx.get(url, timeout=ANSWER_S).content))


def test_twelve_avatars_come_back_as_cut_outs(
    service: Service, admin: Buyer, account: Buyer
) -> None:
    with added(admin, "avatar-creator") as app:
        app.projects["p1"] = {f"avatar-{number:02}": photo(number) for number in range(AVATARS)}
        wire = Wire(service, app, account, cap=200)
        before = service.balance(account.person)
        order = {"projectId": "p1", "tier": "professional", "returnTo": f"{app.url}/projects/p1"}
        path = f"{P}/integrations/avatar-creator/batch"

        placed = wire("POST", path, order, message_id="msg_1")
        again = wire("POST", path, order, message_id="msg_1")
        above = wire("POST", path, order)
        stranger = wire("POST", path, order, grant=f"grant_{'0' * 36}_{'0' * 32}")
        done = wire.finished(data(placed)["batchId"])

        assert data(placed)["totalCredits"] == 180
        assert data(again)["batchId"] == data(placed)["batchId"]
        assert (above.status_code, above.json()["code"]) == (402, "cap_reached")
        assert (stranger.status_code, stranger.json()["code"]) == (403, "not_connected")
        assert service.balance(account.person) == before - 180
        assert (done["status"], done["creditsUsed"]) == ("completed", 180)
        assert {one["pictureId"] for one in done["pictures"]} == set(app.projects["p1"])
        for one in done["pictures"]:
            cut_out = picture(one["url"])
            assert (cut_out.mode, cut_out.size) == ("RGBA", (SIDE_PX, SIDE_PX))
            low, high = cut_out.getchannel("A").getextrema()
            assert (low, high) == (0, 255)
        [event] = [told for told in app.told if told["data"]["batchId"] == done["batchId"]]
        assert event["data"]["returnTo"] == order["returnTo"]


@pytest.mark.parametrize("way", ["remove-then-upscale", "upscale-then-remove"])
def test_a_picture_is_cut_out_and_enlarged_in_either_order(
    service: Service, admin: Buyer, account: Buyer, way: str
) -> None:
    with added(admin, "image-upscaler") as app:
        app.projects["p1"] = {"image-1": photo(0)}
        wire = Wire(service, app, account, cap=100)
        before = service.balance(account.person)
        order = {"imageId": "image-1", "pipeline": way, "upscaleFactor": 2}

        placed = data(
            wire(
                "POST",
                f"{P}/integrations/image-upscaler/pipeline",
                {**order, "removalTier": "basic"},
            )
        )
        done = wire.finished(placed["batchId"])

        assert placed["creditsUsed"] == 13
        [made] = done["pictures"]
        assert (made["width"], made["height"]) == (2 * SIDE_PX, 2 * SIDE_PX)
        cut_out = picture(made["url"])
        assert (cut_out.mode, cut_out.size) == ("RGBA", (2 * SIDE_PX, 2 * SIDE_PX))
        assert cut_out.getchannel("A").getextrema() == (0, 255)
        assert service.balance(account.person) == before - 13


@pytest.mark.parametrize("how", ["removed", "disconnected"])
def test_of_an_app_that_goes_in_the_middle_nothing_is_charged_that_was_not_fetched(
    service: Service, admin: Buyer, account: Buyer, how: str
) -> None:
    gone: dict[str, Callable[[], Any]] = {
        "removed": lambda: admin("DELETE", "/api/admin/apps/avatar-creator"),
        "disconnected": lambda: account("DELETE", "/api/connections/avatar-creator"),
    }
    with added(admin, "avatar-creator") as app:
        app.projects["p1"] = {"a": photo(0), "b": photo(1)}
        wire = Wire(service, app, account, cap=100)
        before = service.balance(account.person)
        app.files.clear()  # nobody gets any until it is gone
        order = {"projectId": "p1", "tier": "basic"}
        batch_id = data(wire("POST", f"{P}/integrations/avatar-creator/batch", order))["batchId"]
        data(gone[how]())
        app.projects["p1"] = {"a": b"other", "b": b"other"}
        app.files.set()

        def closed() -> bool:
            shown = data(account("GET", f"{P}/batch/{batch_id}"))
            return bool(shown["pricing"]["creditsRefunded"] == 6)

        until(closed, seconds=240)
        assert service.balance(account.person) == before
