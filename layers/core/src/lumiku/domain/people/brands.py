"""White label: the look and the words of an account, for the people it works for."""

from pydantic import BaseModel

from lumiku.domain.errors import NotFound, Refusal
from lumiku.domain.texts import Text

MAX_LOGO_BYTES = 1_000_000
MAX_LOGO_PIXELS = 16_000_000
LOGO_PX = 512
"""The longer side of a logo as it is kept."""


class SlugTaken(Refusal):
    """Another account has a brand of that slug."""

    code = "slug_taken"

    def __init__(self, *, slug: str) -> None:
        super().__init__(
            Text(
                f"Another account has the slug {slug}. Choose another one.",
                f"Slug {slug} dipakai akun lain. Pilih yang lain.",
            ),
            slug=slug,
        )


class Brand(BaseModel, frozen=True, defer_build=True):
    """What an account is called and looks like where `slug` is in the page's address.

    Mails about the account come from `sender_name` and end with `footer`. `logo` is the hash of its
    file. On any colour either white or black has a contrast of at least 4.58 (WCAG 2.2 asks for
    4.5): whoever shows text on one chooses between these two.
    """

    account: str
    slug: str
    name: str
    accent_color: str
    header_color: str
    sender_name: str | None = None
    footer: str | None = None
    logo: str | None = None


def logos_prefix(account: str) -> str:
    """What the keys of an account's logos start with."""
    return f"brands/{account}/"


def logo_key(account: str, logo: str) -> str:
    """Where the logo of that hash lies."""
    return f"{logos_prefix(account)}{logo}.png"


def unknown(slug: str) -> NotFound:
    """There is no brand of that slug."""
    return NotFound(Text(f"There is no brand {slug}.", f"Tidak ada merek {slug}."))


def none_yet() -> NotFound:
    """The account has no brand."""
    return NotFound(
        Text("This account has no brand. Make one first.", "Akun ini belum punya merek. Buat dulu.")
    )
