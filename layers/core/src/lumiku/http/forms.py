"""Multipart forms as browsers, curl, .NET, Java and Python write them (RFC 7578)."""

import re
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler.openapi.params import UploadFile
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Photos, PlannedPhoto

if TYPE_CHECKING:
    from multipart import MultipartSegment

MAX_PARTS = 1000
# A name may fill the whole form: it is cut where it is kept.
_MAX_HEADER_BYTES = 10_000_000
_MAX_ENCODED_WORDS = 2_000
# An entry that belongs to the format and is no field (RFC 7578, 4.6); forms are UTF-8 here.
_OF_THE_FORMAT = "_charset_"
# The library ends an unquoted value where no token can go on; senders who quote nothing do not.
_PARAMETER = re.compile(r';\s*([\w-]+\*?)\s*=\s*("(?:\\.|[^"\\])*"|[^;]*)')
_NOT_TEXT = Text(
    "Not text in UTF-8; a file needs a file name", "Bukan teks UTF-8; berkas memerlukan nama berkas"
)
_EXTENDED = re.compile(r"([\w-]+)'[^']*'(.*)")


class Form(dict[str, object]):
    """Fields of a form by name: text, `UploadFile`, or a list of what came several times."""


def _be_a_file(value: Any) -> Any:
    if not isinstance(value, UploadFile):
        raise PydanticCustomError("file_expected", "A file is expected here")
    return value


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


FormFile = Annotated[UploadFile, BeforeValidator(_be_a_file)]
FormFiles = Annotated[list[FormFile], BeforeValidator(_as_list)]
MAX_NAME = 150
"""Characters of a file name that are kept of each photo."""
WAYS = ("json", "form")
REMOTE, SENT = "remote", "sent"
"""Which of two kinds a photo in a list is."""


def way(body: object) -> str:
    """In which of `WAYS` a body came."""
    return WAYS[isinstance(body, Form)]


def photos_in(files: Sequence[UploadFile]) -> Photos:
    """The photos of a form, which will lie under keys of their own."""
    return tuple(
        PlannedPhoto(name=(file.filename or "photo")[:MAX_NAME], size_bytes=len(file.content))
        for file in files
    )


def read_form(content_type: str, body: bytes) -> Form:
    """The form in a body; `InvalidRequest` if it is none. Holds one copy of the parts."""
    from multipart import MultipartError, MultipartSegment, PushMultipartParser

    boundary = _parameters(content_type).get("boundary")
    if not boundary:
        raise _unreadable("A multipart form without a boundary", "Formulir tanpa boundary")
    form, content = Form(), b""
    parser = PushMultipartParser(
        boundary, max_header_size=_MAX_HEADER_BYTES, max_segment_count=MAX_PARTS
    )
    try:
        with parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    part, content = event, b""
                elif event is not None:
                    content += event
                elif part.name != _OF_THE_FORMAT:
                    _add(form, part.name or "", _value(part, content))
    except MultipartError as error:
        why = error.args[0]
        raise _unreadable(f"Not a whole form: {why}", f"Formulir tidak utuh: {why}") from error
    return form


def _add(form: Form, name: str, value: object) -> None:
    before = form.get(name)
    if isinstance(before, list):
        before.append(value)
    else:
        form[name] = value if before is None else [before, value]


def _value(part: "MultipartSegment", content: bytes) -> str | UploadFile:
    parameters = _parameters(part["Content-Disposition"])
    name = _extended(parameters.get("filename*", ""))
    if name is None and "filename" in parameters:
        name = _decoded(parameters["filename"])
    if name is not None:
        return UploadFile(content=content, filename=name, content_type=part.header("Content-Type"))
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise InvalidRequest.at(f"body.{part.name}", _NOT_TEXT) from None


def _parameters(header: str) -> dict[str, str]:
    from multipart import content_disposition_unquote

    return {
        name.lower(): content_disposition_unquote(value.strip(), name.lower() == "filename")
        for name, value in _PARAMETER.findall(header)
    }


def _extended(value: str) -> str | None:
    """A `filename*` (RFC 5987), which RFC 7578 forbids and .NET and others send."""
    found = _EXTENDED.fullmatch(value)
    if found is None:
        return None
    charset = "latin-1" if found[1].lower() == "iso-8859-1" else "utf-8"
    return unquote(found[2], charset, "replace")


def _decoded(name: str) -> str:
    """A name of encoded words (RFC 2047), which mail libraries and .NET write."""
    if "=?" not in name or len(name) > _MAX_ENCODED_WORDS:
        return name
    try:
        decoded = str(make_header(decode_header(name)))
        decoded.encode()  # Some charsets can spell halves of characters, which nothing can store.
    except (HeaderParseError, ValueError, LookupError):
        return name
    return decoded


def _unreadable(en: str, id: str) -> InvalidRequest:
    return InvalidRequest.at("body", Text(en, id))
