"""Bodies of requests: how they are read, and which fields they may have."""

import json
from base64 import b64decode
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from aws_lambda_powertools.event_handler.middlewares.openapi_validation import (
    OpenAPIRequestValidationMiddleware,
)
from aws_lambda_powertools.event_handler.openapi.params import UploadFile
from pydantic import AliasChoices, BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text
from lumiku.http.forms import read_form

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.types import EventHandlerInstance

# Of a body full of unknown fields, so many are told, with so much of their names.
MAX_TOLD = 20
MAX_NAME = 64


class Body(BaseModel):
    """JSON of requests and answers: camelCase outside, snake_case inside.

    What has the same fields inside becomes one by `model_validate`.
    """

    model_config = ConfigDict(
        defer_build=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        from_attributes=True,
        json_schema_serialization_defaults_required=True,
    )


class RequestBody(Body):
    """JSON or form of a request: an unknown field is refused, with the name that was meant."""

    model_config = ConfigDict(extra="forbid")
    file_field: ClassVar[str] = ""
    """The field that takes a form's files."""

    @model_validator(mode="before")
    @classmethod
    def _know_fields(cls, sent: Any) -> Any:
        if not isinstance(sent, dict):
            return sent
        names = [name for inner, field in cls.model_fields.items() for name in _names(inner, field)]
        files = [cls.file_field] if cls.file_field else []
        unknown = (
            _unknown(str(name)[:MAX_NAME], names, files if isinstance(value, UploadFile) else [])
            for name, value in sent.items()
            if name not in names and name not in cls.model_fields
        )
        if told := list(islice(unknown, MAX_TOLD)):
            raise ValidationError.from_exception_data(cls.__name__, told)
        return sent


class BodyReader(OpenAPIRequestValidationMiddleware):
    """Reads a body as what its Content-Type says: JSON, or a multipart form."""

    def _get_body(self, app: "EventHandlerInstance") -> Any:
        event = app.current_event
        content_type = event.headers.get("content-type", "")
        kind = content_type.partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            sent = (event.body or "").encode(errors="replace")
            return read_form(content_type, b64decode(sent) if event.is_base64_encoded else sent)
        if kind not in ("", "application/json"):
            raise InvalidRequest.at(
                "body",
                Text(
                    f"Send application/json or multipart/form-data, not {kind}",
                    f"Kirim application/json atau multipart/form-data, bukan {kind}",
                ),
            )
        try:
            return event.json_body
        except json.JSONDecodeError as error:
            where = f"{error.lineno}:{error.colno}"
            raise InvalidRequest.at(
                "body",
                Text(f"Not JSON: {error.msg} at {where}", f"Bukan JSON, lihat posisi {where}"),
            ) from error
        except UnicodeDecodeError as error:
            raise InvalidRequest.at("body", Text("Not UTF-8", "Bukan UTF-8")) from error


def read_json(text: str) -> Any:
    """JSON, or JSONDecodeError also for what Python refuses to hold (depth, digits)."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError):
        raise json.JSONDecodeError("too large to read", text[:64], 0) from None


def _names(inner: str, field: FieldInfo) -> list[str]:
    """The names of a field outside."""
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices]
    return [str(alias or inner)]


def _nearest(name: str, names: list[str]) -> list[str]:
    """The documented name that is spelt most like `name`, if any is."""
    from difflib import get_close_matches

    spelt = {known.lower(): known for known in names}
    return [spelt[one] for one in get_close_matches(name.replace("_", "").lower(), spelt, n=1)]


def _unknown(name: str, names: list[str], meant: list[str]) -> InitErrorDetails:
    nearest = meant or _nearest(name, names)
    told = (
        PydanticCustomError("unknown_field", "unknown", {"nearest": nearest[0]})
        if nearest
        else PydanticCustomError("unknown_field_among", "unknown", {"known": ", ".join(names)})
    )
    return InitErrorDetails(type=told, loc=(name,), input=None)
