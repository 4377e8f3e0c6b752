"""Photos whose background was removed become photos of a project."""

from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import expect

from local.layout import ROOT
from tests.browser.visit import Visit
from tests.e2e import desk
from tests.e2e.buyer import buyer
from tests.e2e.service import Person, Service


def _removed(person: Person, photo: Path) -> None:
    """Remove a photo's background."""
    submission = person.client.submit(photo, "basic")
    person.client.upload(photo, submission)
    person.client.wait(submission.job_id)


def test_removals_are_imported_once_each(visit: Visit, service: Service, tmp_path: Path) -> None:
    with Image.open(ROOT / "web/public/samples/lamp.jpg") as picture:
        ImageOps.contain(picture, (640, 640)).save(tmp_path / "lamp.jpg")
        picture.resize((300, 280)).save(tmp_path / "small.jpg")
    with buyer(service, credits=50) as seller:
        person, project = seller.person, desk.project(seller)
        _removed(person, tmp_path / "lamp.jpg")
        _removed(person, tmp_path / "small.jpg")
    before = service.balance(person)
    visit.enter(person)
    visit.open(f"studio/{project}")
    visit.link("Impor hasil hapus latar", "Import removed backgrounds").click()
    expect(visit.button("Pilih foto yang akan diimpor", "Choose photos to import")).to_be_disabled()
    visit.page.get_by_role("checkbox", name="lamp.jpg").check()
    visit.page.get_by_role("checkbox", name="small.jpg").check()
    order = visit.button("Impor 2 foto · 4 kredit", "Import 2 photos · 4 credits")
    expect(order).to_be_enabled()
    visit.asked_for()
    visit.looks_well("studio-import")
    order.click()
    visit.sees("1 foto tersimpan", "1 photo kept")
    visit.sees("1 foto tidak dapat dipakai; 2 kredit", "1 photo cannot be used; 2 credits")
    visit.looks_well("studio-imported")
    assert service.balance(person) == before - 2

    visit.page.reload()
    visit.page.get_by_role("checkbox", name="lamp.jpg").check()
    visit.button("Impor 1 foto · 2 kredit", "Import 1 photo · 2 credits").click()
    visit.sees("1 foto sudah ada di proyek", "1 photo was in this project")
    assert service.balance(person) == before - 2
