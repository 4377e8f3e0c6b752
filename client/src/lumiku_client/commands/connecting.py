"""The server that a command talks to, and who asks."""

import time
from collections.abc import Callable
from functools import partial

from lumiku_client._client import Client
from lumiku_client._errors import ApiProblem

from . import settings
from .exits import give_up, problems_told

# To start with, nobody wants to wait long for a wrong address; in the middle of a run, a server
# that restarts or asks to slow down is worth some patience.
BRIEF_S = 5.0
PATIENT_S = 120.0


def account_for(api_url: str | None) -> settings.Account:
    """The account, whose server is known."""
    account = settings.load(api_url)
    if account.api_url is None:
        give_up("No server is known. Run 'lumiku login', or set LUMIKU_API_URL.")
    return account


def client_for(account: settings.Account, sleep: Callable[[float], None] = time.sleep) -> Client:
    """A client that does not wait long, to start with."""
    with problems_told():
        return Client(
            account.api_url or "",
            api_key=account.api_key,
            workspace=account.workspace,
            token=account.token,
            refresh_token=account.refresh_token,
            on_session=partial(settings.keep_renewed, account),
            email=account.email,
            password=account.password,
            language=settings.language(),
            retry_for_s=BRIEF_S,
            sleep=sleep,
        )


def balance_of(client: Client) -> int | None:
    """What the account has left, if the server says it at once."""
    client.be_patient(0)
    try:
        return client.credits().balance
    except ApiProblem:
        return None
