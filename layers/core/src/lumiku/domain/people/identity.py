"""Addresses, passwords and codes of people, and how they can be wrong."""

import hashlib
import re

from lumiku.domain.errors import Refusal
from lumiku.domain.people.limits import Limit
from lumiku.domain.texts import Text

MIN_PASSWORD = 10
PASSWORD_RULE = Text(
    f"A password has at least {MIN_PASSWORD} characters, among them a lower-case letter (a-z)"
    " and a digit, and neither begins nor ends with a space.",
    f"Kata sandi paling sedikit {MIN_PASSWORD} karakter, di antaranya huruf kecil (a-z) dan angka,"
    " serta tidak diawali atau diakhiri spasi.",
)

# For each address, whether it has an account or not: an answer must not tell.
MAILS = Limit(name="mails", count=5, window_s=3600)
CODES = Limit(name="codes", count=10, window_s=3600)


class WeakPassword(Refusal):
    """The password does not follow the rule."""

    code = "weak_password"

    def __init__(self) -> None:
        super().__init__(PASSWORD_RULE, minLength=MIN_PASSWORD)


class WrongCode(Refusal):
    """The code is not the one that was sent last to the address, or it is too old."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "The code is wrong or too old for this address; ask for another one.",
                "Kode salah atau sudah terlalu lama untuk alamat ini; mintalah kode baru.",
            )
        )


class NotConfirmed(Refusal):
    """The password is right, and the address was not confirmed yet."""

    code = "not_confirmed"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Confirm the address with the code that was sent to it.",
                "Konfirmasikan alamat dengan kode yang dikirim ke sana.",
            )
        )


class PasswordResetRequired(Refusal):
    """The password must be replaced before anybody can log in with it."""

    code = "password_reset_required"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "This password must be replaced: ask for a code to reset it.",
                "Kata sandi ini harus diganti: mintalah kode untuk mengaturnya ulang.",
            )
        )


class SessionOver(Refusal):
    """The refresh token was revoked, is too old, or never was one."""

    code = "session_over"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "The refresh token is not good any more; log in again.",
                "Refresh token tidak berlaku lagi; silakan masuk kembali.",
            )
        )


class TooManyTries(Refusal):
    """Too many failed attempts in a short time."""

    code = "too_many_tries"

    def __init__(self, *, retry_after_s: int = 60) -> None:
        super().__init__(
            Text(
                "Too many attempts; wait before the next one.",
                "Terlalu banyak percobaan; tunggu sebelum mencoba lagi.",
            ),
            retryAfter=retry_after_s,
        )


class NotAllowed(Refusal):
    """The caller may not do this."""

    code = "not_allowed"


def check_password(password: str) -> None:
    """`WeakPassword` unless the user pool will take it."""
    is_strong = (
        len(password) >= MIN_PASSWORD
        and re.search("[a-z]", password)
        and re.search("[0-9]", password)
        and password == password.strip()
    )
    if not is_strong:
        raise WeakPassword


def normal_email(email: str) -> str:
    """The one spelling under which an address is kept."""
    return email.strip().lower()


def pace_key(email: str) -> str:
    """Under which name an address is counted: like a user's id, and not the address itself."""
    return f"mail-{hashlib.sha256(email.encode()).hexdigest()[:32]}"
