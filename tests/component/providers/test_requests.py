"""What is sent to providers: exactly what their documents say, and nothing of ours."""

import pytest

from tests.component.providers.asking import ENTRIES, PHOTO, ask
from tests.imitation_providers.imitation import KEY

URI = "data:image/png;base64,"
BIREFNET = {
    "image_url": URI,
    "sync_mode": True,
    "refine_foreground": False,
    "output_format": "png",
}
BODIES = {
    "fal-direct": {
        **BIREFNET,
        "model": "General Use (Light)",
        "operating_resolution": "1024x1024",
    },
    "fal-queue": {
        **BIREFNET,
        "model": "General Use (Heavy)",
        "operating_resolution": "2048x2048",
    },
    "segmind-bytes": {"image": "", "type": "transparent"},
    "segmind-async": {"image": "", "type": "transparent"},
    "replicate": {"version": "bria/remove-background", "input": {"image": URI}},
    "huggingface-endpoint": None,
    "huggingface-fal": {"image_url": URI, "sync_mode": True},
}
KEYS = {
    "fal-direct": ("authorization", f"Key {KEY}"),
    "fal-queue": ("authorization", f"Key {KEY}"),
    "segmind-bytes": ("x-api-key", KEY),
    "segmind-async": ("x-api-key", KEY),
    "replicate": ("authorization", f"Bearer {KEY}"),
    "huggingface-endpoint": ("authorization", f"Bearer {KEY}"),
    "huggingface-fal": ("authorization", f"Bearer {KEY}"),
}
PATHS = {
    "fal-direct": "/fal-ai/birefnet/v2",
    "fal-queue": "/fal-ai/birefnet/v2",
    "segmind-bytes": "/v1/bg-removal-v2",
    "segmind-async": "/v2/bg-removal-v2",
    "replicate": "/v1/predictions",
    "huggingface-endpoint": "/",
    "huggingface-fal": "/fal-ai/fal-ai/bria/background/remove?_subdomain=queue",
}


@pytest.mark.parametrize("wire", ENTRIES)
def test_the_photo_goes_as_it_is_with_documented_parameters(wire: str) -> None:
    imitation = ask(wire, "works").imitation
    [job] = imitation.jobs.values()
    assert job.photo == PHOTO.data
    assert job.parameters == BODIES[wire]
    method, path, headers = imitation.calls[0]
    assert (method, path) == ("POST", PATHS[wire])
    header, value = KEYS[wire]
    assert headers[header] == value
    is_body = wire == "huggingface-endpoint"
    assert headers["content-type"] == ("image/png" if is_body else "application/json")


def test_fal_is_told_to_give_up_before_we_do() -> None:
    _, _, headers = ask("fal-direct", "works", 20.0).imitation.calls[0]
    assert headers["x-fal-request-timeout"] == "19"
    _, _, headers = ask("fal-direct", "works", 2.0).imitation.calls[0]
    assert headers["x-fal-request-timeout"] == "2"
    _, _, headers = ask("fal-queue", "works", 20.0).imitation.calls[0]
    assert "x-fal-request-timeout" not in headers


@pytest.mark.parametrize(("left_s", "wait"), [(30.0, "wait=10"), (5.0, "wait=3"), (2.0, "wait=1")])
def test_replicate_waits_no_longer_than_there_is_time(left_s: float, wait: str) -> None:
    _, _, headers = ask("replicate", "works", left_s).imitation.calls[0]
    assert headers["prefer"] == wait


@pytest.mark.parametrize(
    ("wire", "scenario", "method"),
    [("fal-queue", "never-ready", "PUT"), ("replicate", "never-ready", "POST")],
)
def test_a_ticket_is_cancelled_by_the_url_that_came_with_it(
    wire: str, scenario: str, method: str
) -> None:
    outcome = ask(wire, scenario)
    assert outcome.ticket is not None
    assert outcome.ticket.cancel_url is not None
    path = outcome.ticket.cancel_url.removeprefix(outcome.imitation.url)
    assert outcome.imitation.calls[-1][:2] == (method, path)
