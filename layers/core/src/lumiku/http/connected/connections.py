"""JSON of connected apps: what administrators write down, and what accounts allow."""

from pydantic import Field

from lumiku.domain.connected.apps import NAME, ConnectedApp, Scope
from lumiku.domain.connected.grants import MAX_CAP, Grant
from lumiku.domain.instant import Instant
from lumiku.domain.texts import Text
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.field_errors import worded
from lumiku.services.connected.connections import Connection

_SCOPES = (
    "`remove`: order background removals. `pictures`: see pictures of projects, and be given some."
    " `results`: put pictures into projects"
)


class AppInput(RequestBody):
    """Where an app is called, and what it may do at most."""

    base_url: str = Field(
        min_length=1,
        max_length=1024,
        description="https only, and a public address",
        examples=["https://avatars.example.com"],
    )
    scopes: list[Scope] = Field(min_length=1, max_length=3, description=_SCOPES)


class NewApp(AppInput):
    """An app of the platform."""

    name: str = Field(
        pattern=worded(
            NAME,
            Text(
                "2 to 40 small letters, digits and hyphens, a letter first",
                "2 sampai 40 huruf kecil, angka, dan tanda hubung, diawali huruf",
            ),
        ),
        examples=["avatar-creator"],
    )


class AppBody(Body):
    """An app as administrators see it."""

    name: str
    base_url: str
    scopes: list[Scope]
    created_at: Instant


class AppSecret(AppBody):
    """An app and its new secret, which is shown only here."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    previous_secret_until: Instant | None = Field(
        description="Until then, what is signed with the secret before is taken too"
    )


class AppList(Body):
    """All apps, by name."""

    apps: list[AppBody]


class GrantInput(RequestBody):
    """What an app may do from now on, and spend in each UTC month."""

    scopes: list[Scope] = Field(min_length=1, max_length=3, description=_SCOPES)
    monthly_cap: int = Field(strict=True, ge=0, le=MAX_CAP, description="Credits")


class GrantBody(Body):
    """What the account allows an app. The app sends `grantId` with what it asks for."""

    grant_id: str
    scopes: list[Scope]
    monthly_cap: int
    spent_this_month: int = Field(description="Credits, without those that were given back")
    created_at: Instant


class ConnectionBody(Body):
    """An app, what it may be allowed, and what it is allowed."""

    app: str
    base_url: str
    scopes: list[Scope] = Field(description="What may be allowed")
    grant: GrantBody | None


class ConnectionList(Body):
    """All apps that could be connected, by name."""

    connections: list[ConnectionBody]


class Disconnected(Body):
    """What the app was allowed."""

    app: str
    grant_id: str
    revoked_at: Instant


def app_body(app: ConnectedApp) -> AppBody:
    """An app as administrators see it."""
    return AppBody.model_validate(app)


def app_secret(app: ConnectedApp) -> AppSecret:
    """An app whose secret is new."""
    secret, *before = app.secrets
    return AppSecret(
        **dict(app_body(app)),
        secret=secret.value,
        previous_secret_until=before[0].until if before else None,
    )


def connection_body(found: Connection, month: str) -> ConnectionBody:
    """An app as an account sees it in a month."""
    return ConnectionBody(
        app=found.app.name,
        base_url=found.app.base_url,
        scopes=list(found.app.scopes),
        grant=_grant(found.grant, month) if found.grant else None,
    )


def _grant(grant: Grant, month: str) -> GrantBody:
    return GrantBody(
        grant_id=grant.id,
        scopes=list(grant.scopes),
        monthly_cap=grant.monthly_cap,
        spent_this_month=grant.spent_in(month),
        created_at=grant.created_at,
    )
