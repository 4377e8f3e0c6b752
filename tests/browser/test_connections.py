"""Other apps on the page: connected within bounds, sent a picture, disconnected."""

from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import expect

from local.layout import ROOT
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.browser.visit import Visit
from tests.e2e import desk
from tests.e2e.buyer import buyer, data, proof_of
from tests.e2e.connected import added, administrator
from tests.e2e.service import Service

APP = "pose-generator"
WHITE = {"background": {"action": "solid", "color": "#ffffff"}}


def test_an_app_is_connected_is_sent_a_picture_and_is_disconnected(
    visit: Visit, service: Service, tmp_path: Path
) -> None:
    with Image.open(ROOT / "web/public/samples/lamp.jpg") as picture:
        ImageOps.contain(picture, (640, 640)).save(tmp_path / "lamp.jpg")
    with (
        administrator(service) as admin,
        added(admin, APP, "remove", "pictures") as app,
        buyer(service, credits=50) as seller,
    ):
        taken = data(seller("POST", f"{S}/subscription", json={"plan": "professional"}))
        path, token = proof_of(taken["payment"])
        data(seller("POST", path, json={"status": "paid", "token": token}))
        item = desk.item(seller, desk.project(seller), tmp_path / "lamp.jpg")["itemId"]
        made = data(seller("POST", f"{S}/items/{item}/process", json={"workflow": WHITE}))
        desk.finished(seller, made["generation"]["generationId"])
        visit.enter(seller.person)
        visit.open("account/apps")
        line = visit.page.locator(".connection").filter(has_text=APP)
        line.get_by_role("button", name=visit.word("Hubungkan", "Connect")).click()
        for box in line.get_by_role("checkbox").all():
            box.uncheck()
        allow = line.get_by_role("button", name=visit.word("Izinkan", "Allow"))
        allow.click()
        visit.sees("Pilih sedikitnya satu", "Choose at least one")
        line.get_by_role("checkbox", name=visit.word("Melihat gambar", "See pictures")).check()
        visit.page.locator("[name=cap]").fill("30")
        visit.asked_for()
        visit.looks_well("account-connect")
        allow.click()
        visit.sees("0 dari 30 kredit", "0 of 30 credits")
        [granted] = [
            one["grant"]
            for one in data(seller("GET", "/api/connections"))["connections"]
            if one["app"] == APP
        ]
        assert (granted["scopes"], granted["monthlyCap"]) == (["pictures"], 30)

        visit.open(f"item/{item}")
        visit.page.locator(".shot-button").first.click()
        visit.button(APP, APP).click()
        expect(visit.page.locator(".results .notice.good a")).to_be_visible()
        visit.asked_for()
        visit.looks_well("studio-sent-to-app")
        assert len(app.given) == 1

        visit.open("account/apps")
        line.get_by_role("button", name=visit.word("Putuskan", "Disconnect")).click()
        visit.page.locator("dialog[open] .danger").click()
        expect(line).to_contain_text(visit.word("Belum terhubung", "Not connected"))
