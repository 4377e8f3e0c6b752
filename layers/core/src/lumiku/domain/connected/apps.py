"""Connected apps: other apps of the platform, as an administrator wrote them down."""

from collections.abc import Iterable
from typing import Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel

from lumiku.domain.errors import InvalidRequest, NotFound, Refusal
from lumiku.domain.instant import Instant
from lumiku.domain.telling.signatures import Secret
from lumiku.domain.texts import Text

MAX_APPS = 20
NAME = r"^[a-z][a-z0-9-]{1,39}$"
Scope = Literal["remove", "pictures", "results"]
"""Have backgrounds removed, see pictures of projects, put results into projects."""
SCOPES: tuple[Scope, ...] = get_args(Scope)


class ConnectedApp(BaseModel, frozen=True, defer_build=True):
    """An app, where it is called, and what accounts may allow it at most.

    `id` is another one where an app of the same name was removed before: what it was allowed is
    not allowed to this one. The newest secret comes first; `revision` counts changes.
    """

    id: str
    name: str
    base_url: str
    scopes: tuple[Scope, ...]
    secrets: tuple[Secret, ...]
    revision: int = 0
    created_at: Instant

    def url(self, path: str) -> str:
        """The URL of a path that begins with a slash."""
        return self.base_url.rstrip("/") + path

    def owns(self, url: str) -> bool:
        """The URL lies under the app's own."""
        return is_under(self.base_url, url)

    def check_own(self, url: str, field: str) -> str:
        """The URL, if it lies under the app's own; else `InvalidRequest` about that field."""
        if not self.owns(url):
            raise InvalidRequest.at(
                field,
                Text(
                    f"Must lie under {self.base_url}",
                    f"Harus berada di bawah {self.base_url}",
                ),
            )
        return url


class AppExists(Refusal):
    """There is an app of that name."""

    code = "app_exists"

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(
                f"There is an app {name}; change it, or remove it first.",
                f"Aplikasi {name} sudah ada; ubah, atau hapus dulu.",
            ),
            app=name,
        )


class TooManyApps(Refusal):
    """There are as many apps as there may be."""

    code = "too_many_apps"

    def __init__(self) -> None:
        super().__init__(
            Text(f"There are at most {MAX_APPS} apps.", f"Paling banyak {MAX_APPS} aplikasi."),
            allowed=MAX_APPS,
        )


class NotSigned(Refusal):
    """The request is not signed by the app that it says it is from."""

    code = "not_signed"

    def __init__(self, app: str) -> None:
        super().__init__(
            Text(
                f"The request is not signed with the secret of {app}, or its time is not ours.",
                f"Permintaan tidak ditandatangani dengan kunci rahasia {app}, atau"
                " waktunya tidak sama dengan waktu kami.",
            ),
            app=app,
        )


class AppFailed(Refusal):
    """The other app did not do what it was asked for; nothing was charged."""

    code = "app_failed"

    def __init__(self, name: str, why: Text) -> None:
        told = Text(f"The app {name} failed: {why.en}.", f"Aplikasi {name} gagal: {why.id}.")
        nothing = Text("Nothing was charged.", "Tidak ada yang dikenakan biaya.")
        super().__init__(told + nothing, app=name)


def missing_app(name: str) -> NotFound:
    """The refusal where there is none."""
    return NotFound(Text(f"There is no app {name}.", f"Tidak ada aplikasi {name}."))


def in_order(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """Each once, in the order of `SCOPES`."""
    found = set(scopes)
    return tuple(scope for scope in SCOPES if scope in found)


def is_under(base: str, url: str) -> bool:
    """The URL has scheme, host and port of `base`, and its path or one below it."""
    if any(letter in url for letter in "\\\t\r\n @") or not url.isascii():
        return False
    try:
        ours, other = urlsplit(base), urlsplit(url)
        same = (ours.scheme, ours.hostname, ours.port) == (other.scheme, other.hostname, other.port)
    except ValueError:
        return False
    dots = {"..", "."} & set(other.path.replace("%2e", ".").replace("%2E", ".").split("/"))
    folder = ours.path.rstrip("/") + "/"
    return same and not dots and f"{other.path}/".startswith(folder)


def request_content(method: str, target: str, grant_id: str, body: str) -> str:
    """What is signed of a request: what is asked for, by whose grant, and its body as it is sent.

    `target` is path and query.
    """
    return f"{method} {target} {grant_id}\n{body}"


def target_of(url: str) -> str:
    """Path and query of a URL, as they are asked for."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
