"""A mail, and what is told of money by mail and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from pydantic import BaseModel

from lumiku.domain.instant import Instant
from lumiku.domain.people.brands import Brand
from lumiku.domain.texts import Language


@dataclass(frozen=True, slots=True)
class Mail:
    """A message in both forms; every mail program shows one of them.

    `sender` is the name that it comes from, where that is not ours.
    """

    subject: str
    text: str
    html: str
    sender: str | None = None


def branded(mail: Mail, brand: Brand | None) -> Mail:
    """The mail as the account's brand has it: from its name, with its footer."""
    if brand is None:
        return mail
    text, html = mail.text, mail.html
    if brand.footer:
        shown = escape(brand.footer).replace("\n", "<br>")
        text = f"{text.rstrip()}\n\n-- \n{brand.footer}\n"
        html = html.replace("</body>", f"<hr><p>{shown}</p></body>")
    return Mail(mail.subject, text, html, sender=brand.sender_name)


def written(subject: str, lines: Sequence[str], language: Language) -> Mail:
    """A mail of one paragraph a line."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return Mail(
        subject=subject,
        text="\n\n".join([*lines, ""]),
        html=f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head>'
        f'<body style="font-family:sans-serif">{paragraphs}</body></html>\n',
    )


class Occasion(StrEnum):
    """Why somebody is written to: about an invoice, a month that is over, a team, or leaving."""

    RENEWAL = "renewal"
    UNPAID = "unpaid"
    PAID = "paid"
    REPORT = "report"
    INVITATION = "invitation"
    TAKEOUT = "takeout"
    LEAVING = "leaving"


class Letter(BaseModel, frozen=True, defer_build=True):
    """A mail that is to be written from `due` on, if there still is something to say then.

    `about` is an id of an invoice or of an invitation, of a report a month, of leaving what was
    asked for.
    """

    user_id: str
    occasion: Occasion
    about: str
    due: Instant

    @property
    def id(self) -> str:
        """Unique among the letters of its user."""
        return f"{self.occasion}#{self.about}"
