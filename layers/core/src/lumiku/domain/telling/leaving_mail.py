"""The mails to whoever leaves, in the customer's language; no links in them."""

from collections.abc import Mapping

from lumiku.domain.telling.mails import Mail, Occasion, written
from lumiku.domain.texts import Language, Text

_GREETING = Text("Hello,", "Halo,")
_WORDS: Mapping[Occasion, tuple[Text, Text]] = {
    Occasion.TAKEOUT: (
        Text("The copy of your data is ready", "Salinan data Anda sudah siap"),
        Text(
            "Fetch it on the page, under Account, within seven days.",
            "Unduh di halaman, menu Akun, dalam tujuh hari.",
        ),
    ),
    Occasion.LEAVING: (
        Text("Your account is being deleted", "Akun Anda sedang dihapus"),
        Text(
            "As you asked, all of your photos, projects and orders are being deleted, and nobody"
            " can log in any more. What the law makes us keep of payments is kept without your"
            " name. This is the last mail.",
            "Sesuai permintaan Anda, semua foto, proyek, dan pesanan sedang dihapus, dan tidak ada"
            " yang dapat masuk lagi. Catatan pembayaran yang wajib disimpan menurut hukum disimpan"
            " tanpa nama Anda. Ini email terakhir.",
        ),
    ),
}


def leaving_mail(occasion: Occasion, language: Language) -> Mail:
    """The mail about a copy of all data, or about a deletion that was asked for."""
    subject, line = _WORDS[occasion]
    return written(subject.to(language), [_GREETING.to(language), line.to(language)], language)
