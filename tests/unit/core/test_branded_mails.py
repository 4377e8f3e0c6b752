"""Mails as a brand has them: whom they come from, and what they end with."""

from email import message_from_string
from email.header import decode_header, make_header
from email.utils import getaddresses
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lumiku.adapters.telling.mail import SesMailer
from lumiku.domain.people.brands import Brand
from lumiku.domain.telling.mails import Mail, branded, written

BRAND = Brand(
    account="u",
    slug="kios",
    name="Kios",
    accent_color="#000000",
    header_color="#ffffff",
    sender_name="Kios",
    footer="Kios <Maju>\nJl. Merdeka 1",
)
MAIL = written("Subject", ["One.", "Two."], "en")


def source(mail: Mail, sender: str = "Lumiku <photos@lumiku.example>") -> str:
    """Whom SES is told that the mail comes from."""
    sent: list[Any] = []
    client = SimpleNamespace(send_email=lambda **told: sent.append(told))
    SesMailer(cast("Any", client), sender).send("a@shop.example", mail)
    [told] = sent
    return str(told["Source"])


def test_without_a_brand_a_mail_stays_as_it_is() -> None:
    assert branded(MAIL, None) is MAIL
    assert source(MAIL) == "Lumiku <photos@lumiku.example>"


def test_the_footer_ends_both_forms_as_plain_text() -> None:
    mail = branded(MAIL, BRAND)

    assert mail.subject == "Subject"
    assert mail.text == "One.\n\nTwo.\n\n-- \nKios <Maju>\nJl. Merdeka 1\n"
    assert "<hr><p>Kios &lt;Maju&gt;<br>Jl. Merdeka 1</p></body>" in mail.html


def test_a_brand_may_have_neither_footer_nor_sender() -> None:
    plain = BRAND.model_copy(update={"footer": None, "sender_name": None})

    assert branded(MAIL, plain) == MAIL


@pytest.mark.parametrize(
    "name",
    [
        "Kios Maju",
        "Kios, Maju; (Bandung): toko.",
        "Toko Çelebi \u2014 \u5e97",
        "\ua992\ua9b6" * 30,
        "a" * 60,
        "=?utf-8?q?x?= y",
    ],
)
def test_whom_a_mail_comes_from_is_one_name_and_our_address(name: str) -> None:
    told = source(branded(MAIL, BRAND.model_copy(update={"sender_name": name})))

    assert told.isascii()
    assert not set("\r\n") & set(told)
    assert all(len(word) <= 75 for word in told.split())
    [(shown, address)] = getaddresses([message_from_string(f"From: {told}\n\n")["From"]])
    assert address == "photos@lumiku.example"
    assert str(make_header(decode_header(shown))) == name
