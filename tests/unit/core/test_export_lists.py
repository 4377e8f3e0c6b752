"""metadata.json, report.csv and report.html of an export."""

import base64
import csv
import io
import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import get_args

import pytest

from lumiku.domain.projects.export_page import page
from lumiku.domain.projects.export_words import _REMARKS, OUTCOMES, RULES, STRENGTHS, remark
from lumiku.domain.projects.exports import Export, ExportedPicture, metadata, report_csv
from lumiku.domain.texts import Language
from photo_steps.exports import Rendered, Target, Told
from photo_steps.platforms import destinations
from photo_steps.rules import Check, Outcome, RuleName, Strength
from photo_steps.words import Words

HOSTILE = "<script>alert('x')</script>\"&\u202e\x00 =1+1"
SHOPEE = Target(format="jpeg", destination="shopee")
SQUARE = Target(format="webp", size_px=(1080, 1080))


def check(rule: RuleName, *, holds: bool, target: Target = SHOPEE) -> Check:
    return Check(
        rule=rule,
        measured=Words(en=f"measured {rule}", id=f"terukur {rule}"),
        required=Words(en=f"required {rule}", id=f"syarat {rule}"),
        holds=holds,
        evidence=target.place.why(rule) if target.place else None,
    )


def file(target: Target, *checks: Check, told: tuple[Told, ...] = ()) -> Rendered:
    return Rendered(
        target=target,
        width_px=1200,
        height_px=1200,
        size_bytes=104_000,
        quality=90,
        checks=checks,
        told=told,
        thumbnail=b"small picture",
    )


SOFT = Told(code="low_resolution", facts={"enlargedPercent": 212})
PASSING = file(SHOPEE, check("format", holds=True), check("pureWhite", holds=False), told=(SOFT,))
FAILING = file(SQUARE, check("format", holds=False, target=SQUARE))


def export(name: str = "Cangkir", sku: str | None = "CUP-1") -> Export:
    look = {"background": {"action": "template", "templateId": "marble", "seed": 7}}
    pictures = [
        ExportedPicture(
            item_id="item_1",
            name=name,
            sku=sku,
            made_on=date(2026, 11, 25),
            look=look,
            versions={"template": "3fa1"},
            files=(PASSING, FAILING),
        ),
        ExportedPicture(
            item_id="item_1", name="Lain", made_on=date(2026, 11, 25), files=(PASSING,)
        ),
    ]
    return Export(
        id="export_1",
        project=name,
        made_at=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
        pattern="{sku}-{name}-{platform}-{n}",
        folders="platform",
        pictures=tuple(pictures),
    )


def lines(export: Export, language: Language) -> list[dict[str, str]]:
    text = report_csv(export, language).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_what_is_known_of_a_file_can_be_stored_beside_it() -> None:
    known = PASSING.model_copy(update={"thumbnail": bytes(range(256))})
    assert Rendered.model_validate_json(known.model_dump_json()) == known


def test_metadata_says_how_each_picture_was_made_and_where_its_files_are() -> None:
    told = json.loads(metadata(export()))
    first, second = told["pictures"]
    assert told["exportId"] == "export_1"
    assert first["look"] == {
        "background": {"action": "template", "templateId": "marble", "seed": 7}
    }
    assert first["versions"] == {"template": "3fa1"}
    assert [one["path"] for one in first["files"]] == [
        "shopee/CUP-1-Cangkir-shopee-001.jpg",
        "1080x1080/CUP-1-Cangkir-1080x1080-001.webp",
    ]
    assert [one["passes"] for one in first["files"]] == [True, False]
    assert first["files"][0]["remarks"] == [
        {"code": "low_resolution", "facts": {"enlargedPercent": 212}}
    ]
    assert [one["path"] for one in second["files"]] == ["shopee/Lain-shopee-002.jpg"]


def test_the_csv_has_a_line_for_each_rule_and_each_remark() -> None:
    found = lines(export(), "id")
    assert [(one["rule"], one["outcome"]) for one in found[:4]] == [
        ("Format berkas", "lolos"),
        ("Latar putih murni", "disarankan, belum terpenuhi"),
        ("", "Produk diperbesar menjadi 212 %, tampak lembut; gunakan pembesaran."),
        ("Format berkas", "gagal"),
    ]
    assert found[0]["measured"] == "terukur format"
    assert found[0]["source"].startswith("https://")
    assert found[0]["source_date"] == "2026-11-26"
    assert found[1]["strength"] == "belum dikonfirmasi"
    assert found[3]["source"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\uff1d"])
def test_no_cell_of_the_csv_is_calculated(start: str) -> None:
    for one in lines(export(f"{start}1+1", f"{start}cmd"), "en"):
        assert not any(cell.startswith(start) for cell in one.values())


class Seen(HTMLParser):
    """Tags, attributes and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags[-1][0] != "style":
            self.text += data


def read(export: Export, language: Language = "en") -> Seen:
    seen = Seen()
    seen.feed(page(export, language).decode())
    return seen


def test_the_page_shows_each_rule_as_measured_and_required_with_its_source() -> None:
    seen = read(export())
    assert "measured formatrequired formatpasssecondary source 2026-11-26" in seen.text
    assert "measured pureWhiterequired pureWhiterecommended, not metunconfirmed" in seen.text
    assert "The product was enlarged to 212 %" in seen.text
    assert "2Pictures3Files2Pass1Fail" in seen.text
    assert destinations()["shopee"].evidence["format"].source in seen.text
    small = base64.b64encode(b"small picture").decode()
    sources = [told["src"] for tag, told in seen.tags if tag == "img"]
    assert sources == [f"data:image/webp;base64,{small}"] * 3
    opened = [("open" in told) for tag, told in seen.tags if tag == "details"]
    assert opened == [False, True, False]


def test_nothing_that_somebody_wrote_becomes_markup() -> None:
    seen = read(export(HOSTILE, HOSTILE))
    assert {tag for tag, _ in seen.tags} == {tag for tag, _ in read(export()).tags}
    assert "<script>alert('x')</script>\"&\ufffd\ufffd =1+1" in seen.text
    assert "\u202e" not in seen.text


def test_the_page_needs_nothing_from_elsewhere() -> None:
    seen = read(export())
    policies = [told["content"] for _, told in seen.tags if "http-equiv" in told]
    assert policies == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]
    ids = {told["id"] for _, told in seen.tags if "id" in told}
    links = {told["href"] for _, told in seen.tags if "href" in told}
    assert links == {f"#{id_}" for id_ in ids} == {"#shopee"}
    assert not any(name.startswith("on") for _, told in seen.tags for name in told)


def test_the_page_is_in_the_language_of_who_reads_it() -> None:
    seen = read(export(), "id")
    assert ("html", {"lang": "id"}) in seen.tags
    assert "terukur formatsyarat formatlolossumber sekunder" in seen.text
    for english in ("Rule", "Measured", "unconfirmed", "pass", "recommended", "measured"):
        assert not re.search(rf"\b{english}\b", seen.text)


def test_every_name_of_data_has_words_in_both_languages() -> None:
    assert set(RULES) == set(get_args(RuleName.__value__))
    assert set(OUTCOMES) == set(get_args(Outcome.__value__))
    assert set(STRENGTHS) == set(get_args(Strength.__value__))
    facts = {"enlargedPercent": 1, "quality": 2, "asked": 3, "width": 4, "height": 5, "maxBytes": 6}
    for code in _REMARKS:
        text = remark(Told(code=code, facts=facts))
        assert text.en != text.id
        assert sorted(re.findall(r"\d", text.en)) == sorted(re.findall(r"\d", text.id))
