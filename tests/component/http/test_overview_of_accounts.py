"""What administrators are told of accounts."""

from datetime import timedelta

import pytest

from lumiku.domain.people.callers import ADMIN as ADMINS
from lumiku.domain.people.callers import person
from tests.component.http.conftest import Api
from tests.component.http.test_admin import Office, month_of_business


@pytest.fixture
def office(api: Api) -> Office:
    return Office(api)


def test_the_overview_tells_of_accounts(office: Office) -> None:
    month_of_business(office)

    accounts = office("GET", "/overview").data["accounts"]

    assert (accounts["active"], accounts["joined"], accounts["converted"]) == (1, 1, 1)
    assert accounts["conversionPercent"] == 100.0
    assert accounts["revenuePerActiveIdr"] == 50_000
    assert (accounts["retainedPercent"], accounts["churnPercent"]) == (None, None)
    [today] = [day for day in accounts["days"] if day["active"]]
    assert (today["active"], today["joined"]) == (1, 1)
    before = office("GET", "/overview", query={"month": "2020-02"}).data["accounts"]
    assert (before["active"], before["revenuePerActiveIdr"]) == (0, None)


def test_days_of_accounts_are_kept_once_and_say_the_same(office: Office) -> None:
    month_of_business(office)
    desk = office.api.stack.app("admin_api").account_figures
    boss = person("boss", ADMINS)
    today = desk.clock().date()
    name = f"{today:%Y-%m}"
    live = desk.month(boss, name)
    tomorrow = desk.clock().replace(hour=12) + timedelta(days=1)
    sweep = type(desk)(desk.days, lambda: tomorrow)

    while sweep.finish_days():
        pass

    assert desk.days.engaged_until() == today
    kept = desk.days.engaged(today, today)[today]
    assert kept == live.days[today]
    assert kept.joined == kept.active == kept.paid == {office.seller}
    later = desk.month(boss, name)
    assert (later.active, later.joined, later.converted) == (1, 1, 1)


def test_who_moved_credits_before_has_not_joined_today(office: Office) -> None:
    month_of_business(office)
    desk = office.api.stack.app("admin_api").account_figures
    tomorrow = desk.clock().date() + timedelta(days=1)

    assert desk.days.joined(desk.clock().date(), [office.seller, "nobody"]) == {office.seller}
    assert desk.days.joined(tomorrow, [office.seller]) == set()
