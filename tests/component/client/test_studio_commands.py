"""`lumiku studio projects`, `templates` and `plan`, and the same through the library."""

import json
import re
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lumiku_client import ApiProblem
from lumiku_client.commands import cli
from tests.component.client.conftest import Photos, client_of
from tests.component.client.port import Port

pytestmark = pytest.mark.usefixtures("port")


def lumiku(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["studio", *arguments])


def told(*arguments: str) -> Any:
    return json.loads(lumiku(*arguments, "--json").stdout)


@pytest.fixture
def filled(photos: Photos) -> str:
    """A project with two photos."""
    made: str = told("projects", "--new", "Sepatu", "--template", "pure-white")["projectId"]
    folder = photos("a.jpg", "b.jpg", width=500)
    assert lumiku("upload", made, str(folder), "--yes").exit_code == 0
    return made


def test_projects_are_made_listed_and_searched() -> None:
    assert lumiku("projects").stdout == "No projects.\n"
    made = lumiku("projects", "--new", "Sepatu Lebaran")
    lumiku("projects", "--new", "Tas")

    assert re.fullmatch(r"Project Sepatu Lebaran: project_[0-9a-f]{32}\n", made.stdout)
    listed = lumiku("projects").stdout.splitlines()
    assert listed[0].split() == ["Project", "Name", "Photos", "Size", "Made"]
    assert [re.split(" {2,}", line)[1] for line in listed[1:]] == ["Tas", "Sepatu Lebaran"]
    [found] = told("projects", "--search", "lebaran")
    assert (found["name"], found["itemCount"]) == ("Sepatu Lebaran", 0)
    assert len(told("projects", "--limit", "1")) == 1


def test_the_items_of_a_project_are_listed_by_its_name(filled: str) -> None:
    listed = lumiku("projects", "Sepatu").stdout

    assert re.search(r"item_\w+ +b\.jpg +501 x 500", listed)
    assert {item["projectId"] for item in told("projects", filled)} == {filled}
    assert told("projects", filled, "--search", "nothing like it") == []


def test_a_name_of_two_projects_is_not_enough(filled: str) -> None:
    other = told("projects", "--new", "Sepatu")["projectId"]

    refused = lumiku("projects", "Sepatu")

    assert refused.exit_code == 1
    assert "2 projects are called Sepatu. Name one by its id: " in refused.stderr
    assert filled in refused.stderr
    assert other in refused.stderr


def test_a_project_is_deleted_once_somebody_agrees(filled: str) -> None:
    kept = lumiku("projects", "Sepatu", "--delete")
    deleted = lumiku("projects", "Sepatu", "--delete", "--yes")

    assert kept.exit_code == 1
    assert "Nothing was deleted: nobody is here to agree. Add --yes." in kept.stderr
    assert deleted.stdout == "Deleted: Sepatu with 2 photos.\n"
    assert lumiku("projects", filled).exit_code == 1


@pytest.mark.parametrize(
    "arguments", [("Sepatu", "--new", "Tas"), ("--delete",), ("--new", "Tas", "--delete")]
)
def test_what_does_not_go_together_does_nothing(arguments: tuple[str, ...]) -> None:
    assert lumiku("projects", *arguments).exit_code == 1
    assert told("projects") == []


def test_templates_are_listed_with_the_plan_that_has_each() -> None:
    listed = lumiku("templates", "--category", "ecommerce", "--search", "white").stdout

    assert listed.splitlines()[0].split()[:2] == ["Template", "Name"]
    assert re.search(r"shopee-square +Shopee main image +ecommerce +1:1 +15 +no: profess", listed)
    assert {one["templateId"] for one in told("templates", "--platform", "banner")} == {
        "banner-wide"
    }
    assert told("templates", "--featured", "--search", "no such thing") == []


def test_templates_are_sorted_and_found_by_their_ratio_and_owner() -> None:
    names = [one["name"].casefold() for one in told("templates", "--sort", "name")]
    assert names == sorted(names)
    assert [one["templateId"] for one in told("templates", "--ratio", "16:9")] == ["banner-wide"]
    assert told("templates", "--own") == []
    assert lumiku("templates", "--sort", "best").exit_code == 1


def test_a_template_is_rated_by_whoever_used_it() -> None:
    refused = lumiku("templates", "pure-white", "--rate", "5")

    assert refused.exit_code == 1
    assert "pure-white" in refused.stderr
    assert lumiku("templates", "pure-white", "--rate", "6").exit_code == 1
    assert lumiku("templates", "--rate", "5").exit_code == 1


def test_an_own_template_is_made_changed_and_retired_through_the_library(port: Port) -> None:
    look = {"background": {"action": "solid", "color": "#123456"}, "frame": {"width": 600}}
    with client_of(port) as lumiku_client:
        desk = lumiku_client.studio.template_desk
        with pytest.raises(ApiProblem) as refused:
            desk.create("Toko Sari", look)
        assert refused.value.code == "not_in_plan"
        port.service.take_studio_plan("premium")
        made = desk.create("Toko Sari", look, tags=["biru"], description="Biru")
        assert made.own
        assert (made.tags, made.description) == (["biru"], "Biru")
        changed = desk.change(made.template_id, {"name": "Toko Dewi"})
        assert [one.name for one in lumiku_client.studio.templates(own=True)] == ["Toko Dewi"]
        assert desk.get(made.template_id, version=made.version).name == "Toko Sari"
        assert changed.version != made.version
        assert desk.retire(made.template_id).retired_at is not None
        assert list(desk.list(own=True)) == []


def test_a_template_is_shown_in_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = lumiku("templates", "pure-white").stdout.splitlines()
    monkeypatch.setenv("LANG", "id_ID.UTF-8")
    indonesian = lumiku("templates", "shopee-square").stdout

    assert shown[1] == "1200 x 1200 px, 15 credits a photo. Your plan has it."
    assert shown[2] == "Steps behind the cut-out: frame, on-colour, shadow."
    assert indonesian.startswith("shopee-square: Foto utama Shopee. ")
    assert "Your plan does not have it; the plan professional does." in indonesian
    assert "Tidak ada templat moon." in lumiku("templates", "moon").stderr


def test_a_plan_is_taken_where_it_is_paid_and_its_limits_are_shown(port: Port) -> None:
    shown = lumiku("plan").stdout
    taken = lumiku("plan", "premium").stdout

    assert shown.startswith("No plan. Take one with: lumiku studio plan PLAN\n")
    assert re.search(r"premium +IDR 120,000 +2000 +IDR 60 +all +100", shown)
    assert re.search(rf"Pay IDR 120,000 at {port.url}/api/payments/", taken)
    port.service.take_studio_plan("premium")
    assert lumiku("plan").stdout.startswith("Plan premium: active, paid until ")
    assert told("plan", "--cancel")["status"] == "cancelled"
    assert lumiku("plan", "premium", "--cancel").exit_code == 1


def test_items_are_changed_named_by_csv_and_deleted(port: Port, filled: str) -> None:
    with client_of(port) as client:
        studio = client.studio
        first, second = sorted(studio.items.list(filled), key=lambda item: item.file_name)
        changed = studio.items.change(first.item_id, {"sku": "SPT-1"}, version=first.version)
        with pytest.raises(ApiProblem) as refused:
            studio.items.change(first.item_id, {"sku": "SPT-2"}, version=first.version)
        report = studio.items.import_csv(filled, "file_name,name\nb.jpg,Biru\nc.jpg,Hijau\n")
        done = studio.items.change_all(filled, [second.item_id, "item_x"], {"addTags": ["lebaran"]})
        tagged = list(studio.items.list(filled, tag="lebaran", favorite=False))
        studio.items.delete(first.item_id)
        left = list(studio.items.list(filled))

    assert (changed.sku, changed.version) == ("SPT-1", first.version + 1)
    assert (refused.value.status, refused.value.code) == (412, "version_changed")
    assert (report.changed, report.failed) == (1, 1)
    assert [line.problem is None for line in report.lines] == [True, False]
    assert (done.done, done.not_found) == ([second.item_id], ["item_x"])
    assert [(item.name, item.item_id) for item in tagged] == [("Biru", second.item_id)]
    assert [item.item_id for item in left] == [second.item_id]


def test_projects_are_changed_and_prices_asked(port: Port, filled: str) -> None:
    with client_of(port) as client:
        studio = client.studio
        seen = studio.projects.show(filled)
        archived = studio.projects.change(filled, {"status": "archived"}, version=seen.version)
        quote = studio.price(uploads=3, items=2, features=["background-removal", "natural-shadow"])
        studio.projects.delete(filled, cancel=True)

    assert (seen.default_template_id, seen.item_count, len(seen.cover_urls)) == ("pure-white", 2, 2)
    assert archived.status == "archived"
    assert quote.uploads is not None
    assert quote.order is not None
    assert (quote.uploads.total, quote.order.total, quote.total) == (6, 20, 26)
    assert quote.not_in_plan is not None
    assert quote.not_in_plan.available_in == "payg"
