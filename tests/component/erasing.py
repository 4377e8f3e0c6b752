"""An account is asked to leave, and erased, look by look."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from lumiku.services.clock import utc_now
from tests.component.http.conftest import Api
from tests.component.stack import EMAIL, PASSWORD
from tests.dynamodb import all_rows

_BETWEEN_LOOKS = timedelta(minutes=17)


def leave(api: Api, password: str = PASSWORD, email: str = EMAIL, **sent: Any) -> Any:
    """Ask for the deletion."""
    return api.post("/api/account/delete", {"email": email, "password": password}, **sent)


def erase(api: Api, look: int = 0) -> dict[str, int]:
    """One look at who leaves, by its number: long after whatever ran, and every upload form.

    All looks are on one day to come, each when whoever looked before has let go: rows are dated,
    and what they are must not hang on the hour at which a test runs.
    """
    day = (utc_now() + timedelta(days=2)).replace(hour=0, minute=0)
    erasing = api.stack.app("release_accounts").erasing
    return dict(replace(erasing, clock=lambda: day + look * _BETWEEN_LOOKS).erase_due())


def settle_dead_work(api: Api) -> None:
    """What a worker left that died is settled by its own function."""
    for row in all_rows():
        if row.get("status") in {"processing", "failing"} and row["pk"].startswith("JOB#"):
            api.stack.settle(row["id"])


def erase_all(api: Api) -> None:
    """Look as often as it takes."""
    for look in range(20):
        settle_dead_work(api)
        if "account_gone" in erase(api, look):
            return
    raise AssertionError("the account does not go")
