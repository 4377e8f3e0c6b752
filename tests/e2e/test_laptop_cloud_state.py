"""What the laptop cloud holds survives its end, in order or not."""

from pathlib import Path

import httpx
import pytest

from local import bringup, cloud
from local.layout import Layout, Outputs
from local.ports import free_port


def _balance(outputs: Outputs) -> int:
    log_in = httpx.post(
        f"{outputs.api_url}/api/auth/login",
        json={"email": outputs.email, "password": outputs.password},
        timeout=30,
    )
    token = log_in.raise_for_status().json()["data"]["token"]
    credits = httpx.get(
        f"{outputs.api_url}/api/credits", headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    return int(credits.raise_for_status().json()["data"]["balance"])


@pytest.mark.parametrize("end", [cloud.stop, cloud.kill], ids=["stopped", "killed"])
def test_an_ended_cloud_comes_back_without_a_deployment(
    laptop_cloud: Outputs, layout: Layout, end: object
) -> None:
    assert callable(end)
    cloud.checkpoint(layout)
    balance = _balance(laptop_cloud)
    deployed = layout.deployed.stat().st_mtime_ns
    end(layout)
    assert not cloud.well(layout)
    again = bringup.up(layout)
    assert again == laptop_cloud
    assert layout.deployed.stat().st_mtime_ns == deployed
    assert _balance(again) == balance


def test_state_of_other_patches_is_not_relied_on(tmp_path: Path) -> None:
    layout = Layout(tmp_path, free_port())
    assert cloud.is_current(layout)
    cloud.start(layout)
    try:
        assert cloud.is_current(layout)
        (layout.state / "cloud.code").write_text("another")
        assert not cloud.is_current(layout)
    finally:
        cloud.kill(layout)
