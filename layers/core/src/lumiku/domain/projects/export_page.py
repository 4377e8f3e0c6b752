"""`report.html` of an export: one page that needs nothing else, to be read and printed."""

import base64
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from lumiku.domain.projects.export_words import OUTCOMES, RULES, STRENGTHS, made_for, remark
from lumiku.domain.projects.exports import Entry, Export, ExportedPicture
from lumiku.domain.texts import Language, Text
from lumiku.domain.work.file_names import visible
from photo_steps.exports import Rendered
from photo_steps.platforms import Destination
from photo_steps.rules import Check, Evidence, Outcome
from photo_steps.words import Words

_TITLE = Text("Export report", "Laporan ekspor")
_PICTURES, _FILES = Text("Pictures", "Foto"), Text("Files", "Berkas")
_COLUMNS = (
    Text("Rule", "Aturan"),
    Text("Measured", "Terukur"),
    Text("Required", "Syarat"),
    Text("Result", "Hasil"),
    Text("Source", "Sumber"),
)
_SOURCES = Text("Where the rules come from", "Asal aturan")
_CAUTION = Text(
    "Platforms change their rules without notice. Each rule shows its source and the date of it; "
    "what is marked as unconfirmed was found in no source. A recommendation that is not met does "
    "not fail a file.",
    "Platform dapat mengubah aturan tanpa pemberitahuan. Setiap aturan mencantumkan sumber dan "
    "tanggalnya; yang bertanda belum dikonfirmasi tidak ditemukan di sumber mana pun. Anjuran yang "
    "belum terpenuhi tidak membuat berkas gagal.",
)
_UNCHECKED = Text("Not checked here", "Tidak diperiksa di sini")
_PASSED, _FAILED = Text("Pass", "Lolos"), Text("Fail", "Gagal")
_WORST_FIRST: tuple[Outcome, ...] = ("fail", "advice", "pass")
_STYLE = """
*{box-sizing:border-box}
body{margin:0;background:#f4f5f7;color:#1c2430;font:15px/1.5 system-ui,-apple-system,"Segoe UI",
Roboto,"Noto Sans",sans-serif}
main{max-width:1060px;margin:0 auto;padding:28px 20px 60px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}h2{font-size:18px;margin:36px 0 10px}
h3{font-size:15px;margin:0}p{margin:0}
.soft{color:#5c6675;font-size:13px}
.sums{display:flex;flex-wrap:wrap;gap:10px;margin:20px 0 16px}
.sums div{background:#fff;border:1px solid #e2e5ea;border-radius:10px;padding:10px 18px}
.sums b{display:block;font-size:22px;line-height:1.25}
.for{display:flex;gap:18px;background:#fff;border:1px solid #e2e5ea;border-radius:12px;
padding:16px;margin:0 0 12px;break-inside:avoid}
.look{flex:none;width:132px}
.look img{display:block;max-width:100%;max-height:180px;margin:auto;border:1px solid #e2e5ea;
background:repeating-conic-gradient(#e4e7ec 0 25%,#fff 0 50%) 0 0/14px 14px}
.what{flex:1;min-width:0}
details{border-top:1px solid #eceef2;margin-top:10px;padding-top:8px}
summary{cursor:pointer;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center}
summary code{font:13px/1.4 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.mark{border-radius:99px;padding:1px 10px;font-size:12px;font-weight:600;white-space:nowrap}
.pass{background:#e3f4e8;color:#11662f}.fail{background:#fde8e6;color:#a61b10}
.advice{background:#fff2d9;color:#7a4d00}.memory{background:#ececf1;color:#474f5c}
table{width:100%;border-collapse:collapse;font-size:13px;margin-top:8px}
th{text-align:left;color:#5c6675;font-weight:600}
th,td{padding:5px 12px 5px 0;vertical-align:top;border-bottom:1px solid #f0f1f4}
td{overflow-wrap:anywhere}td:first-child,td:last-child{white-space:nowrap}
td .mark{text-decoration:none;display:inline-block}
ul{margin:8px 0 0;padding-left:18px;font-size:13px}
dl{display:grid;grid-template-columns:170px 1fr;gap:6px 16px;font-size:13px;margin:8px 0 0}
dd{margin:0;overflow-wrap:anywhere}.notes{background:#fff;border:1px solid #e2e5ea;
border-radius:12px;padding:16px;margin-bottom:12px}a{color:#1d4ed8}
@media(max-width:640px){.for{flex-direction:column}dl{grid-template-columns:1fr}
table,tbody,tr,td{display:block}thead{display:none}td{border:0;padding:1px 0}
tr{padding:6px 0;border-bottom:1px solid #f0f1f4}}
@media print{body{background:#fff}main{padding:0;max-width:none}}
"""


def page(export: Export, language: Language) -> bytes:
    """The report as HTML without scripts, frames or links elsewhere; pictures lie in it."""
    title = f"{_TITLE.to(language)}: {_said(export.project)}"
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    parts = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{title}</h1>",
        f'<p class="soft">{escape(export.id)} · {export.made_at:%Y-%m-%d %H:%M} UTC</p>',
        _sums(export, language),
        f'<p class="soft">{escape(_CAUTION.to(language))}</p>',
        *(_picture(picture, of_it, language) for picture, of_it in export.by_picture()),
        _sources(export, language),
        "</main></body></html>\n",
    ]
    return "".join(parts).encode()


def _said(text: str) -> str:
    """What somebody wrote, as HTML; nothing in it is hidden or turns the line around."""
    return escape(visible(text))


def _words(words: Words, language: Language) -> str:
    return escape(Text(words.en, words.id).to(language))


def _mark(kind: str, text: str) -> str:
    return f'<span class="mark {kind}">{escape(text)}</span>'


def _sums(export: Export, language: Language) -> str:
    files = [file for _, _, file in export.files()]
    passed = sum(file.passes for file in files)
    figures = [
        (len(export.pictures), _PICTURES),
        (len(files), _FILES),
        (passed, _PASSED),
        (len(files) - passed, _FAILED),
    ]
    cells = "".join(f"<div><b>{count}</b>{text.to(language)}</div>" for count, text in figures)
    return f'<div class="sums">{cells}</div>'


def _picture(picture: ExportedPicture, of_it: Sequence[Entry], language: Language) -> str:
    sku = f' <span class="soft">{_said(picture.sku)}</span>' if picture.sku else ""
    blocks = [
        _block(list(alike), language)
        for _, alike in groupby(of_it, key=lambda entry: entry[2].target.label)
    ]
    return f"<section><h2>{_said(picture.name)}{sku}</h2>{''.join(blocks)}</section>"


def _block(alike: Sequence[Entry], language: Language) -> str:
    """What was made for one destination or size: how it looks, and each file."""
    first = alike[0][2]
    small = base64.b64encode(first.thumbnail).decode()
    told = dict.fromkeys(remark(one).to(language) for *_, file in alike for one in file.told)
    remarks = f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in told)}</ul>" if told else ""
    files = "".join(_file(path, file, language) for path, _, file in alike)
    return (
        f'<div class="for"><div class="look"><img alt="" src="data:image/webp;base64,{small}">'
        f'</div><div class="what"><h3>{escape(made_for(first.target).to(language))}</h3>'
        f"{remarks}{files}</div></div>"
    )


def _file(path: str, file: Rendered, language: Language) -> str:
    outcomes = Counter(check.outcome for check in file.checks)
    marks = [
        _mark(kind, f"{outcomes[kind]} {OUTCOMES[kind].to(language)}")
        for kind in _WORST_FIRST
        if outcomes[kind]
    ]
    size = f"{file.width_px} x {file.height_px} px · {file.size_bytes / 1000:.0f} kB"
    heads = "".join(f"<th>{column.to(language)}</th>" for column in _COLUMNS)
    rows = "".join(_rule(check, file, language) for check in file.checks)
    opened = "" if file.passes else " open"
    return (
        f"<details{opened}><summary><code>{_said(path)}</code>"
        f'<span class="soft">{size}</span>{"".join(marks)}</summary>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _rule(check: Check, file: Rendered, language: Language) -> str:
    cells = [
        RULES[check.rule].to(language),
        _words(check.measured, language),
        _words(check.required, language),
        _mark(check.outcome, OUTCOMES[check.outcome].to(language)),
        _origin(check.evidence, file.target.place, language),
    ]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _origin(why: Evidence | None, place: Destination | None, language: Language) -> str:
    """How strong the source is and of when; the source itself stands at the end of the page."""
    if why is None or place is None:
        return ""
    strength = STRENGTHS[why.strength].to(language)
    said = escape(strength) if why.is_confirmed else _mark(why.strength, strength)
    return f'<a href="#{place.id}">{said}</a> {escape(why.date)}'


def _sources(export: Export, language: Language) -> str:
    places = {
        file.target.place.id: file.target.place
        for _, _, file in export.files()
        if file.target.place
    }
    if not places:
        return ""
    notes = "".join(_rules_of(place, language) for place in places.values())
    return f"<h2>{_SOURCES.to(language)}</h2>{notes}"


def _rules_of(place: Destination, language: Language) -> str:
    lines = "".join(
        f"<dt>{RULES[rule].to(language)}</dt><dd>{_evidence(why, language)}</dd>"
        for rule, why in place.evidence.items()
    )
    unchecked = _listed(place.unchecked, language)
    if unchecked:
        lines += f"<dt>{_UNCHECKED.to(language)}</dt><dd>{unchecked}</dd>"
    name = _words(place.name, language)
    return f'<div class="notes" id="{place.id}"><h3>{name}</h3><dl>{lines}</dl></div>'


def _listed(texts: Iterable[Words], language: Language) -> str:
    return "; ".join(_words(text, language) for text in texts)


def _evidence(why: Evidence, language: Language) -> str:
    strength = STRENGTHS[why.strength].to(language)
    kind = "pass" if why.strength == "primary" else "memory"
    note = f"<br>{_words(why.note, language)}" if why.note else ""
    source = f"{why.source}, {why.date}" if why.is_confirmed else why.date
    return f"{_mark(kind, strength)} {escape(source)}{note}"
