import stat
from pathlib import Path

import pytest

from lumiku_client import Session
from lumiku_client.commands.settings import Account, config_file, keep_renewed, load, store
from lumiku_client.commands.settings import language as spoken

URL = "https://api.example.com"


@pytest.fixture(autouse=True)
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))


def test_nothing_is_known() -> None:
    assert load(None, {}) == Account()


def test_a_login_is_kept_for_the_owner_only() -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text("before")
    config_file().chmod(0o666)

    path = store(Account(URL, "e", "token", "password", "refresh"))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "password" not in path.read_text()
    assert load(None, {}) == Account(URL, "e", "token", None, "refresh")
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_the_environment_wins_over_the_login() -> None:
    store(Account(URL, "e", "stored"))

    assert load(None, {"LUMIKU_TOKEN": "t"}) == Account(URL, None, "t")
    environ = {"LUMIKU_EMAIL": "other", "LUMIKU_PASSWORD": "p"}
    assert load(None, environ) == Account(URL, "other", None, "p")


def test_a_token_goes_only_to_the_server_and_person_it_is_for() -> None:
    store(Account(URL, "e", "stored"))

    assert load("https://other.example.com", {}).token is None
    assert load(None, {"LUMIKU_API_URL": "https://other.example.com"}).token is None
    assert load(None, {"LUMIKU_EMAIL": "somebody else"}).token is None
    assert load(None, {"LUMIKU_EMAIL": "e"}).token == "stored"


def test_a_refresh_token_goes_where_the_token_goes() -> None:
    store(Account(URL, "e", "stored", None, "refresh"))

    assert load("https://other.example.com", {}).refresh_token is None
    assert load(None, {"LUMIKU_TOKEN": "t"}).refresh_token is None
    assert load(None, {"LUMIKU_EMAIL": "e"}).refresh_token == "refresh"


def test_renewed_tokens_are_kept_only_for_a_login_that_is_kept() -> None:
    keep_renewed(Account(URL, "e", "t"), Session(token="new", expires_in=60))
    assert load(None, {}) == Account()

    keep_renewed(Account(URL, "e", "t", "password", "refresh"), Session(token="new", expires_in=60))
    assert load(None, {}) == Account(URL, "e", "new", None, "refresh")
    assert "password" not in config_file().read_text()


def test_a_key_of_the_environment_stands_over_a_login_and_is_never_kept() -> None:
    environ = {"LUMIKU_API_URL": URL, "LUMIKU_API_KEY": "lk_test_1", "LUMIKU_TOKEN": "t"}

    account = load(None, environ)

    assert account == Account(URL, api_key="lk_test_1")
    assert "lk_test_1" not in repr(account)
    store(account)
    assert "lk_test_1" not in config_file().read_text()


def test_the_environment_says_for_which_workspace_and_it_is_not_kept() -> None:
    environ = {"LUMIKU_API_URL": URL, "LUMIKU_TOKEN": "t", "LUMIKU_WORKSPACE": "w1"}

    account = load(None, environ)

    assert account == Account(URL, token="t", workspace="w1")
    store(account)
    assert load(None, {}).workspace is None


def test_a_given_address_wins() -> None:
    assert load(URL, {"LUMIKU_API_URL": "https://x"}).api_url == URL


@pytest.mark.parametrize("content", ["", "[]", "{}", "not json", "\x00"])
def test_a_damaged_file_is_no_login(content: str) -> None:
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text(content)

    assert load(None, {}) == Account()


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "id_ID.UTF-8", "LC_ALL": "C"}, None),
        ({"LANG": "de_DE", "LC_MESSAGES": "id"}, "id"),
        ({"LC_ALL": "", "LANG": "en_US"}, None),
        ({}, None),
    ],
)
def test_the_server_speaks_indonesian_where_the_locale_does(
    environ: dict[str, str], language: str | None
) -> None:
    assert spoken(environ) == language
