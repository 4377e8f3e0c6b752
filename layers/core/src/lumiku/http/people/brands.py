"""JSON of brands."""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from lumiku.domain import errors
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.people.brands import LOGO_PX, Brand
from lumiku.domain.texts import Text
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.field_errors import worded
from lumiku.http.forms import FormFile

# Control characters, and those that are unseen or turn the direction of writing.
_UNSEEN = r"\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_CONTROL = rf"\x00-\x1f{_UNSEEN}"
# At signs, quotes and angle brackets, also those that only look so.
_OF_ADDRESSES = r"@\ufe6b\uff20\"\u201c\u201d\u201e\uff02<>\uff1c\uff1e\\"


def _line(barred: str) -> str:
    """Text of one line that does not begin with a space."""
    return rf"^[^ \u00a0\u3000{barred}][^{barred}]*$"


_SLUG = worded(
    r"^[a-z0-9-]{3,40}$",
    Text("3 to 40 of a-z, 0-9 and -", "3 sampai 40 karakter a-z, 0-9 dan -"),
)
_NAME = worded(
    _line(_CONTROL),
    Text(
        "One line of plain text, without unseen characters",
        "Satu baris teks biasa, tanpa karakter yang tidak terlihat",
    ),
)
_SENDER = worded(
    _line(_CONTROL + _OF_ADDRESSES),
    Text(
        "A name in one line: no address, no @, quotes, < > or \\, no unseen characters",
        "Nama dalam satu baris: tanpa alamat, @, tanda kutip, < > atau \\, tanpa karakter yang"
        " tidak terlihat",
    ),
)
_FOOTER = worded(
    rf"^[^\x00-\x09\x0b-\x1f{_UNSEEN}]*$",
    Text(
        "Plain text; of what is unseen only line breaks (\\n)",
        "Teks biasa; dari yang tidak terlihat hanya ganti baris (\\n)",
    ),
)
_COLOUR = worded(
    r"^#[0-9a-fA-F]{6}$", Text("Not a colour, such as #0f6b62", "Bukan warna, misalnya #0f6b62")
)
Slug = Annotated[str, Field(pattern=_SLUG, examples=["kios-maju"])]
Name = Annotated[str, Field(pattern=_NAME, max_length=60, examples=["Kios Maju"])]
Colour = Annotated[str, Field(pattern=_COLOUR, examples=["#7a1f3d"])]


LOGO_REFUSALS = (
    errors.InvalidRequest,
    errors.NotFound,
    NotInPlan,
    errors.PhotoTooLarge,
    errors.PhotoRefused,
    errors.UnsupportedPhoto,
    errors.OversizedPhoto,
    errors.TooManyRequests,
    errors.Busy,
)
"""How a logo may be refused."""


class BrandInput(RequestBody):
    """A look and words of one's own."""

    slug: Slug = Field(description="Of the page's address: `/?brand=kios-maju`; unique")
    name: Name
    accent_color: Colour = Field(description="Of buttons and links")
    header_color: Colour = Field(description="Of the bar at the top")
    sender_name: str | None = Field(
        default=None,
        pattern=_SENDER,
        max_length=60,
        examples=["Kios Maju"],
        description="Whom mails about the account come from; the address stays ours",
    )
    footer: str | None = Field(
        default=None,
        pattern=_FOOTER,
        max_length=500,
        examples=["Kios Maju, Jl. Merdeka 1, Bandung"],
        description="What these mails end with",
    )

    def brand(self, account: str) -> Brand:
        """The brand that it asks for."""
        told = {name: value or None for name, value in self.model_dump().items()}
        return Brand.model_validate({**told, "account": account})


class LogoInput(RequestBody):
    """A multipart form with a picture in it, as photos are: at most 1 MB, 16 megapixels."""

    model_config = ConfigDict(defer_build=True, arbitrary_types_allowed=True)

    file_field: ClassVar[str] = "image"
    image: FormFile


class PublicBrand(Body):
    """What anybody sees who has its slug."""

    slug: str
    name: str
    accent_color: str
    header_color: str
    logo_url: str | None = Field(
        description=f"A PNG of at most {LOGO_PX} px a side; the link is good for an hour at least"
    )


class BrandBody(PublicBrand):
    """A brand as its owner sees it."""

    sender_name: str | None
    footer: str | None


class OwnBrand(Body):
    """The account's, if it has one."""

    brand: BrandBody | None


def public_brand(brand: Brand, logo_url: str | None) -> PublicBrand:
    """What anybody sees."""
    shown = brand.model_dump(exclude={"account", "logo", "sender_name", "footer"})
    return PublicBrand(**shown, logo_url=logo_url)


def brand_body(brand: Brand, logo_url: str | None) -> BrandBody:
    """As its owner sees it."""
    return BrandBody(**brand.model_dump(exclude={"account", "logo"}), logo_url=logo_url)
