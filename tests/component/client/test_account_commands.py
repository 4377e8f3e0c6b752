import json
import re
import stat
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from lumiku_client.commands import cli
from tests.component.client.conftest import Photos, client_of
from tests.component.client.port import Port
from tests.component.stack import PASSWORD

pytestmark = pytest.mark.usefixtures("port")
run = CliRunner().invoke


def log_in(port: Port) -> Result:
    return run(cli.app, ["login", "--api-url", port.url, "--email", port.service.email])


@pytest.fixture
def logged_out(port: Port, monkeypatch: pytest.MonkeyPatch) -> Port:
    for name in ("API_URL", "EMAIL", "PASSWORD"):
        monkeypatch.delenv(f"LUMIKU_{name}")
    return port


def test_login_is_kept_for_later_commands(
    logged_out: Port, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LUMIKU_PASSWORD", PASSWORD)
    result = log_in(logged_out)
    monkeypatch.delenv("LUMIKU_PASSWORD")

    assert result.exit_code == 0
    assert f"Logged in as {logged_out.service.email} for 60 minutes." in result.stdout
    kept = tmp_path / "home/lumiku/login.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert run(cli.app, ["credits"]).stdout == "1000 credits\n"
    assert logged_out.calls["POST /api/auth/login"] == 1


def test_a_kept_login_outlives_its_token(logged_out: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMIKU_PASSWORD", PASSWORD)
    log_in(logged_out)
    monkeypatch.delenv("LUMIKU_PASSWORD")
    logged_out.service.tokens.clear()

    for _ in range(2):
        assert run(cli.app, ["credits"]).stdout == "1000 credits\n"

    assert logged_out.calls["POST /api/auth/login"] == 1
    assert logged_out.calls["POST /api/auth/refresh"] == 1


def test_login_with_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMIKU_PASSWORD", "wrong")

    result = run(cli.app, ["login", "--json"])

    assert result.exit_code == 1
    assert result.stderr == "The e-mail address or the password is wrong.\n"


def test_login_says_what_is_missing(logged_out: Port) -> None:
    result = log_in(logged_out)

    assert result.exit_code == 1
    assert result.stderr == "Password is missing: give LUMIKU_PASSWORD.\n"


def test_login_as_json_shows_no_secret(port: Port) -> None:
    result = run(cli.app, ["login", "--json"])

    assert json.loads(result.stdout) == {
        "apiUrl": port.url,
        "email": port.service.email,
        "expiresIn": 3600,
    }


def test_an_expired_login(logged_out: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMIKU_TOKEN", "expired")

    result = run(cli.app, ["credits", "--api-url", logged_out.url])

    assert result.exit_code == 1
    assert "Run: lumiku login" in result.stderr


def test_logout_forgets_the_login(
    logged_out: Port, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LUMIKU_PASSWORD", PASSWORD)
    log_in(logged_out)
    monkeypatch.delenv("LUMIKU_PASSWORD")
    kept = tmp_path / "home/lumiku/login.json"

    assert run(cli.app, ["logout"]).stdout == f"Logged out: {kept} deleted.\n"

    assert not kept.exists()
    assert run(cli.app, ["credits", "--api-url", logged_out.url]).exit_code == 1
    assert run(cli.app, ["logout"]).stdout == "Nobody was logged in.\n"
    assert json.loads(run(cli.app, ["logout", "--json"]).stdout) == {"deleted": None}


def test_logout_says_who_still_logs_in() -> None:
    told = run(cli.app, ["logout"]).stdout

    assert "The environment (LUMIKU_TOKEN or LUMIKU_PASSWORD) still logs you in." in told


def test_credits_as_json() -> None:
    assert json.loads(run(cli.app, ["credits", "--json"]).stdout) == {
        "balance": 1000,
        "bought": 1000,
        "granted": [],
        "currency": "credits",
    }


def test_credits_of_a_plan_are_shown_with_their_end(port: Port) -> None:
    port.service.take_studio_plan("professional")

    shown = run(cli.app, ["credits"]).stdout
    lot = r"500 until \d{4}-\d\d-\d\d"
    assert re.fullmatch(rf"1500 credits: 1000 that stay, and of your plan {lot}\n", shown)
    told = json.loads(run(cli.app, ["credits", "--json"]).stdout)
    assert [lot["credits"] for lot in told["granted"]] == [500]


def submitted(port: Port, folder: Path) -> list[str]:
    with client_of(port) as client:
        jobs = []
        for photo in sorted(folder.iterdir()):
            submission = client.submit(photo, "standard")
            client.upload(photo, submission)
            jobs.append(client.wait(submission.job_id).job_id)
    return jobs


def test_jobs(port: Port, photos: Photos) -> None:
    folder = photos(*(f"{number}.jpg" for number in range(4)))
    (folder / "5.jpg").write_text("no photo")
    job_ids = submitted(port, folder)

    newest = run(cli.app, ["jobs", "--limit", "2"])
    assert [line.split()[0] for line in newest.stdout.splitlines()[1:]] == job_ids[:-3:-1]

    failed = run(cli.app, ["jobs", "--status", "failed"])
    assert "This file is not a photo we can read" in failed.stdout
    assert re.search(r"5\.jpg +failed +standard +0 ", failed.stdout)
    assert len(failed.stdout.splitlines()) == 2

    told = json.loads(run(cli.app, ["jobs", "--json"]).stdout)
    assert [job["jobId"] for job in told] == job_ids[::-1]
    assert told[1]["createdAt"].endswith("Z")


def test_no_jobs() -> None:
    assert run(cli.app, ["jobs"]).stdout == "No jobs.\n"
    assert run(cli.app, ["jobs", "--json"]).stdout == "[]\n"


def test_download(port: Port, photos: Photos, tmp_path: Path) -> None:
    job_id = submitted(port, photos("a.jpg"))[0]

    result = run(cli.app, ["download", job_id, "--out", str(tmp_path / "deep/a.png")])

    assert result.exit_code == 0
    with Image.open(tmp_path / "deep/a.png") as picture:
        assert picture.size == (60, 40)


def test_download_of_an_unknown_job(tmp_path: Path) -> None:
    result = run(cli.app, ["download", "nothing", "--out", str(tmp_path / "a.png")])

    assert result.exit_code == 1
    assert result.stderr == "Not found. There is no job nothing.\n"


def test_help_says_how_to_start() -> None:
    told = run(cli.app, ["--help"]).stdout

    for word in ("login", "remove", "jobs", "credits", "LUMIKU_API_URL", "Exit codes"):
        assert word in told


def test_a_command_may_act_for_a_workspace(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMIKU_WORKSPACE", "")

    [own] = json.loads(run(cli.app, ["workspaces", "--json"]).stdout)
    for_own = run(cli.app, ["--workspace", own["workspaceId"], "credits"])
    for_others = run(cli.app, ["--workspace", "somebody-elses", "credits"])

    assert own["role"] == "owner"
    assert for_own.stdout == "1000 credits\n"
    assert for_others.exit_code == 1
    assert "not a member of a workspace somebody-elses" in for_others.stderr


def test_a_copy_of_all_data_is_asked_for_and_fetched(port: Port, tmp_path: Path) -> None:
    asked = run(cli.app, ["account", "export"])
    early = run(cli.app, ["account", "export", "--out", str(tmp_path / "copy.zip")])
    again = run(cli.app, ["account", "export", "--json"])

    assert asked.exit_code == 0
    assert "A copy is being made" in asked.stdout
    assert early.exit_code == 1
    assert "still being made" in early.output
    assert json.loads(again.stdout)["status"] == "pending"
    assert not (tmp_path / "copy.zip").exists()


def test_an_account_is_deleted_once_its_address_is_given(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUMIKU_PASSWORD", PASSWORD)

    unasked = run(cli.app, ["account", "delete"])
    wrong = run(cli.app, ["account", "delete", "--confirm", "other@example.com"])
    done = run(cli.app, ["account", "delete", "--confirm", port.service.email])
    after = run(cli.app, ["credits"])

    assert (unasked.exit_code, wrong.exit_code) == (1, 1)
    assert "--confirm" in unasked.output
    assert "address" in wrong.output
    assert done.exit_code == 0
    assert "The account is closed." in done.stdout
    assert after.exit_code == 1
