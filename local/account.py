"""Who is known on a laptop cloud: a demo account with credits, an administrator, a sender of mail.

The laptop cloud takes mail from verified addresses and sends none; what would have been sent is at
`/_ministack/ses/messages`.
"""

import secrets
from typing import TYPE_CHECKING, Any

import boto3
import httpx

from local import stack
from local.layout import LaptopCloudError, Layout, Outputs

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

EMAIL, ADMIN_EMAIL = "demo@example.com", "admin@example.com"
ADMIN_GROUP = "admin"
ENOUGH_CREDITS = 2_000
_STUDIO_PLAN = "/api/apps/product-photo-studio/subscription"
_REASON = "The demo account of a laptop"
_TOP_UP = {"amount": 10_000, "reason": _REASON}
_LIMITS = {
    "single": {"count": 60_000, "windowSeconds": 60},
    "batch": {"count": 1_000, "windowSeconds": 60},
    "studio": {"count": 1_000, "windowSeconds": 60},
    "reason": _REASON,
}


def ensure(layout: Layout, outputs: Outputs) -> Outputs:
    """Have both accounts there, able to log in; the demo account with credits and the best plan."""
    known = Outputs.read(layout)
    if known is not None and known.user_pool_id == outputs.user_pool_id:
        # The stack's own facts may be new.
        outputs = known.model_copy(update=outputs.model_dump(exclude_unset=True))
    is_new = not outputs.admin_password
    if is_new:
        _, password = _create(layout, outputs.user_pool_id, ADMIN_EMAIL, ADMIN_GROUP)
        admin = {"admin_email": ADMIN_EMAIL, "admin_password": password}
        outputs = outputs.model_copy(update=admin)
    token = _token(outputs, EMAIL, outputs.password)
    if token is None:
        user_id, password = _create(layout, outputs.user_pool_id, EMAIL)
        demo = {"user_id": user_id, "email": EMAIL, "password": password}
        outputs = outputs.model_copy(update=demo)
        token = _token(outputs, EMAIL, password)
    if token is None:
        raise LaptopCloudError("The demo account was made but cannot log in.")
    if is_new:
        _as_admin(outputs, "PUT", "limits", _LIMITS)
    credits = _call(outputs, "GET", "/api/credits", token)
    if credits["balance"] < ENOUGH_CREDITS:
        _as_admin(outputs, "POST", "credits", _TOP_UP)
    if not credits["granted"]:
        _take_studio_plan(outputs, token)
    return outputs


def verify_sender(layout: Layout) -> None:
    """Have the address that mail comes from verified, as its owner does on AWS by a click."""
    given = stack.configured("local")["parameter_overrides"]
    sender = dict(pair.split("=", 1) for pair in given)["MailSender"]
    with layout.as_root():
        boto3.Session().client("ses").verify_email_identity(EmailAddress=sender)


def _create(layout: Layout, pool: str, email: str, group: str | None = None) -> tuple[str, str]:
    """Make a confirmed user, or give one a new password: id and password."""
    with layout.as_root():
        cognito: CognitoIdentityProviderClient = boto3.Session().client("cognito-idp")
    password = f"{secrets.token_urlsafe(12)}-aA1"
    try:
        user = cognito.admin_create_user(
            UserPoolId=pool,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
        )["User"]["Attributes"]
    except cognito.exceptions.UsernameExistsException:
        user = cognito.admin_get_user(UserPoolId=pool, Username=email)["UserAttributes"]
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=email, Password=password, Permanent=True
    )
    if group is not None:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=group)
    return next(part["Value"] for part in user if part["Name"] == "sub"), password


def _token(outputs: Outputs, email: str, password: str) -> str | None:
    """A token, or None when the password is not the account's."""
    if not password:
        return None
    identity = {"email": email, "password": password}
    answer = httpx.post(f"{outputs.api_url}/api/auth/login", json=identity, timeout=30)
    if answer.status_code == 401:
        return None
    return str(answer.raise_for_status().json()["data"]["token"])


def _take_studio_plan(outputs: Outputs, token: str) -> None:
    """Have the plan with everything, paid through the sandbox, unless one runs already."""
    if _call(outputs, "GET", _STUDIO_PLAN, token)["hasSubscription"]:
        return
    payment = _call(outputs, "POST", _STUDIO_PLAN, token, {"plan": "premium"})["payment"]
    path, _, proof = payment["checkoutUrl"].partition("/checkout?token=")
    _call(outputs, "POST", f"{path}/notifications", token, {"status": "paid", "token": proof})


def _as_admin(outputs: Outputs, method: str, what: str, body: object) -> None:
    """Change the demo account as an administrator may."""
    token = _token(outputs, ADMIN_EMAIL, outputs.admin_password)
    if token is None:
        raise LaptopCloudError("The administrator's account was made but cannot log in.")
    _call(outputs, method, f"/api/admin/accounts/{outputs.user_id}/{what}", token, body)


def _call(outputs: Outputs, method: str, path: str, token: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{outputs.api_url}{path}"
    answer = httpx.request(method, url, headers=headers, json=body, timeout=30)
    return answer.raise_for_status().json()["data"]
