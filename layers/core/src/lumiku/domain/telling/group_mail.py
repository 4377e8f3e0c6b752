"""The e-mail that tells a customer how a batch ended, in the customer's language.

Counts, reasons and credits; no photos and no links, which expire and can be passed on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from lumiku.domain.telling.mails import Mail
from lumiku.domain.texts import Language
from lumiku.domain.work.file_names import visible
from lumiku.domain.work.groups import Group, Outcome
from lumiku.domain.work.jobs import Job, Status
from lumiku.domain.work.reasons import REASONS

NAMES_PER_REASON = 20


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    cancelled: str
    exported: str
    greeting: str
    ordered: str
    completed: str
    processed: str
    pictures: str
    failed: str
    charged: str
    refunded: str
    on_plan: str
    reasons: str
    more: str
    fetch: str
    kept: str
    nothing: str
    farewell: str


_WORDS: Mapping[Language, _Words] = {
    "en": _Words(
        subject="Your batch is done: {completed} of {total} photos",
        cancelled="Your batch was cancelled: {completed} of {total} photos are done",
        exported="Your export is done: {completed} of {total} pictures",
        greeting="Hello,",
        ordered="Photos ordered",
        completed="Backgrounds removed",
        processed="Items processed",
        pictures="Pictures exported",
        failed="Without a result",
        charged="Credits charged",
        refunded="Credits refunded",
        on_plan="Paid by your plan; photos without a result count against no quota.",
        reasons="Why photos have no result",
        more="and {count} more",
        fetch="The ZIP can be downloaded for 7 days, through the API or so:"
        " lumiku download {id} --out results.zip",
        kept="The results are kept in your project, each as the selected variation of its item.",
        nothing="No photo has a result, so there is no ZIP.",
        farewell="Lumiku. Batch {id}.",
    ),
    "id": _Words(
        subject="Batch Anda selesai: {completed} dari {total} foto",
        cancelled="Batch Anda dibatalkan: {completed} dari {total} foto selesai",
        exported="Ekspor Anda selesai: {completed} dari {total} gambar",
        greeting="Halo,",
        ordered="Foto yang dipesan",
        completed="Latar belakang dihapus",
        processed="Item diproses",
        pictures="Gambar diekspor",
        failed="Tanpa hasil",
        charged="Kredit yang dipakai",
        refunded="Kredit yang dikembalikan",
        on_plan="Dibayar oleh paket Anda; foto tanpa hasil tidak mengurangi kuota.",
        reasons="Mengapa ada foto tanpa hasil",
        more="dan {count} lainnya",
        fetch="Berkas ZIP dapat diunduh selama 7 hari, melalui API atau dengan:"
        " lumiku download {id} --out results.zip",
        kept="Hasilnya disimpan di proyek Anda, masing-masing sebagai variasi terpilih itemnya.",
        nothing="Tidak ada foto yang berhasil, jadi tidak ada berkas ZIP.",
        farewell="Lumiku. Batch {id}.",
    ),
}


def compose(group: Group, outcome: Outcome, jobs: Iterable[Job], language: Language) -> Mail:
    """The mail about a closed group."""
    words = _WORDS[language]
    counts = {"completed": outcome.completed, "total": group.total}
    figures = [
        (words.ordered, group.total),
        (_done(group, words), outcome.completed),
        (words.failed, group.total - outcome.completed),
    ]
    if group.quota_day is None:
        figures += [
            (words.charged, group.price - outcome.refund),
            (words.refunded, outcome.refund),
        ]
    fetch = words.kept if group.project_id else words.fetch.format(id=group.id)
    notes = [fetch if outcome.completed else words.nothing]
    if group.quota_day is not None:
        notes.insert(0, words.on_plan)
    reasons = [
        (sentence, len(names), _listed(names, words))
        for sentence, names in _failed(jobs, language).items()
    ]
    farewell = words.farewell.format(id=group.id)
    subject = words.exported if group.is_whole else words.subject
    if outcome.cancelled:
        subject = words.cancelled
    return Mail(
        subject=subject.format(**counts),
        text=_text(words, figures, reasons, notes, farewell),
        html=_html(words, language, figures, reasons, notes, farewell),
    )


def _done(group: Group, words: _Words) -> str:
    if group.is_whole:
        return words.pictures
    return words.processed if group.project_id else words.completed


def _failed(jobs: Iterable[Job], language: Language) -> dict[str, list[str]]:
    """Names of the photos without a result, by reason."""
    found: dict[str, list[str]] = {}
    for job in jobs:
        if job.status is not Status.COMPLETED and job.failure is not None:
            known = REASONS.get(job.failure.code)
            sentence = known.to(language) if known else job.failure.message
            found.setdefault(sentence, []).append(visible(job.file_name))
    return found


def _listed(names: Sequence[str], words: _Words) -> str:
    rest = len(names) - NAMES_PER_REASON
    more = [words.more.format(count=rest)] if rest > 0 else []
    return ", ".join([*names[:NAMES_PER_REASON], *more])


def _text(
    words: _Words,
    figures: list[tuple[str, int]],
    reasons: list[tuple[str, int, str]],
    notes: list[str],
    farewell: str,
) -> str:
    lines = [words.greeting, "", *(f"{label}: {figure}" for label, figure in figures)]
    if reasons:
        lines += ["", f"{words.reasons}:"]
        lines += [f"- {sentence} ({count}) {names}" for sentence, count, names in reasons]
    return "\n".join([*lines, "", *notes, "", farewell, ""])


def _html(
    words: _Words,
    language: Language,
    figures: list[tuple[str, int]],
    reasons: list[tuple[str, int, str]],
    notes: list[str],
    farewell: str,
) -> str:
    cell = '<td style="padding:2px 12px 2px 0">'
    rows = "".join(
        f"<tr>{cell}{escape(label)}</td>{cell}<b>{figure}</b></td></tr>"
        for label, figure in figures
    )
    items = "".join(
        f"<li>{escape(sentence)} ({count})<br><small>{escape(names)}</small></li>"
        for sentence, count, names in reasons
    )
    failures = f"<p><b>{escape(words.reasons)}</b></p><ul>{items}</ul>" if items else ""
    paragraphs = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head>'
        f'<body style="font-family:sans-serif"><p>{escape(words.greeting)}</p>'
        f"<table>{rows}</table>{failures}{paragraphs}"
        f"<p><small>{escape(farewell)}</small></p></body></html>\n"
    )
