"""Orders as multipart forms."""

from typing import Any

from tests.component.http.conftest import Api
from tests.component.http_events import Answer
from tests.component.lane import photo

BOUNDARY = "boundary"


def form(
    path: str,
    api: Api,
    images: str,
    fields: dict[str, Any],
    file_name: str = "shoe.jpg",
    *,
    data: bytes | None = None,
    key: str | None = None,
    tier: str | None = "basic",
) -> Answer:
    """The form way: two photos where there are `images`, one otherwise."""
    texts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (({"tier": tier} if tier else {}) | fields).items()
    ]
    head = f'name="{images}"; filename="{file_name}"\r\nContent-Type: image/jpeg'
    file = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
    photos = [file + (data or photo()) + b"\r\n"] * (2 if images == "images" else 1)
    return api(
        "POST",
        path,
        raw_body=b"".join([*texts, *photos, f"--{BOUNDARY}--\r\n".encode()]),
        headers={
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            **({"Idempotency-Key": key} if key else {}),
        },
    )
