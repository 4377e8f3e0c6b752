"""/api/connections and /api/admin/apps: other apps, and what accounts allow them."""

from http import HTTPStatus

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response

from lumiku.bootstrap import connected, people
from lumiku.domain import errors
from lumiku.domain.connected.apps import AppExists, TooManyApps
from lumiku.domain.money.ledger import month
from lumiku.domain.people.identity import NotAllowed
from lumiku.http.api import Envelope, Id, answer, answering, caller, done, make_api, refusals
from lumiku.http.connected.connections import (
    AppBody,
    AppInput,
    AppList,
    AppSecret,
    ConnectionBody,
    ConnectionList,
    Disconnected,
    GrantInput,
    NewApp,
    app_body,
    app_secret,
    connection_body,
)
from lumiku.services.clock import utc_now

ADMIN, ACCOUNT = ["admin"], ["connected apps"]

logger = Logger()
api = make_api(door=people.door())
apps = connected.apps()
connections = connected.connections()


@api.get(
    "/api/connections",
    summary="List connected apps",
    tags=ACCOUNT,
    responses=refusals() | done("All apps, and what the account allows them"),
)
def list_connections() -> Envelope[ConnectionList]:
    """Apps of the platform, what each may be allowed, and what it is allowed and spent."""
    now = month(utc_now())
    shown = [connection_body(one, now) for one in connections.connections(caller(api))]
    return Envelope(data=ConnectionList(connections=shown))


@api.put(
    "/api/connections/<app_name>",
    summary="Connect an app",
    tags=ACCOUNT,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy)
    | done("What the app is allowed now"),
)
def connect(app_name: Id, grant: GrantInput) -> Envelope[ConnectionBody]:
    """Let an app act for the account, or change what it may do; at most for so many credits a
    month. What it spent in this month stays counted.
    """
    found = connections.connect(caller(api), app_name, grant.scopes, grant.monthly_cap)
    logger.info("connected", connected_app=app_name)
    return Envelope(data=connection_body(found, month(utc_now())))


@api.delete(
    "/api/connections/<app_name>",
    summary="Disconnect an app",
    tags=ACCOUNT,
    responses=refusals(errors.InvalidRequest, errors.NotFound, errors.Busy)
    | done("What the app was allowed"),
)
def disconnect(app_name: Id) -> Envelope[Disconnected]:
    """The app acts for the account no more, from this answer on. Of what it ordered, pictures that
    were not fetched yet are given back.
    """
    revoked = connections.disconnect(caller(api), app_name)
    logger.info("disconnected", connected_app=app_name)
    told = {"app": app_name, "grant_id": revoked.id, "revoked_at": revoked.revoked_at}
    return Envelope(data=Disconnected.model_validate(told))


@api.get(
    "/api/admin/apps",
    summary="List apps",
    tags=ADMIN,
    responses=refusals(NotAllowed) | done("All apps, without their secrets"),
)
def list_apps() -> Envelope[AppList]:
    """The apps that accounts can connect."""
    return Envelope(data=AppList(apps=[app_body(app) for app in apps.apps(caller(api))]))


@api.post(
    "/api/admin/apps",
    summary="Add an app",
    tags=ADMIN,
    responses=refusals(errors.InvalidRequest, NotAllowed, AppExists, TooManyApps)
    | done("Added; keep the secret, it is not shown again", status=HTTPStatus.CREATED),
)
def add_app(new: NewApp) -> Response[Envelope[AppSecret]]:
    """Let accounts connect an app. Both sides sign with its secret."""
    admin = caller(api)
    app = apps.add(admin, new.name, new.base_url, new.scopes)
    logger.info("app added", admin_id=admin.actor, connected_app=app.name)
    return answer(app_secret(app), HTTPStatus.CREATED)


@api.put(
    "/api/admin/apps/<app_name>",
    summary="Change an app",
    tags=ADMIN,
    responses=refusals(errors.InvalidRequest, NotAllowed, errors.NotFound, errors.Busy)
    | done("The app as it is now"),
)
def change_app(app_name: Id, app: AppInput) -> Envelope[AppBody]:
    """Replace where it is called and what it may be allowed; grants of more allow less then."""
    admin = caller(api)
    changed = apps.change(admin, app_name, app.base_url, app.scopes)
    logger.info("app changed", admin_id=admin.actor, connected_app=app_name)
    return Envelope(data=app_body(changed))


@api.post(
    "/api/admin/apps/<app_name>/rotate",
    summary="Replace the secret of an app",
    tags=ADMIN,
    responses=refusals(errors.InvalidRequest, NotAllowed, errors.NotFound, errors.Busy)
    | done("The new secret; it is not shown again"),
)
def rotate_app_secret(app_name: Id) -> Envelope[AppSecret]:
    """A new secret. For 24 hours the one before is good too."""
    admin = caller(api)
    app = apps.rotate(admin, app_name)
    logger.info("app secret replaced", admin_id=admin.actor, connected_app=app_name)
    return Envelope(data=app_secret(app))


@api.delete(
    "/api/admin/apps/<app_name>",
    summary="Remove an app",
    tags=ADMIN,
    responses=refusals(errors.InvalidRequest, NotAllowed, errors.NotFound)
    | done("What was removed"),
)
def remove_app(app_name: Id) -> Envelope[AppBody]:
    """It is neither called nor listened to any more. One of the same name must be connected anew.

    Of what it ordered, pictures that were not fetched yet are given back.
    """
    admin = caller(api)
    removed = apps.remove(admin, app_name)
    logger.info("app removed", admin_id=admin.actor, connected_app=app_name)
    return Envelope(data=app_body(removed))


handler = answering(api)
