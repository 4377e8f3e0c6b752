"""Looking people up in the user pool."""

import json
from typing import TYPE_CHECKING

from lumiku.services.people.ports import Directory, Person

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


class CognitoDirectory(Directory):
    """The people of one user pool."""

    def __init__(self, client: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._client = client
        self._pool_id = pool_id

    def by_email(self, email: str) -> Person | None:
        return self._first("email", email)

    def by_id(self, user_id: str) -> Person | None:
        return self._first("sub", user_id)

    def _first(self, attribute: str, value: str) -> Person | None:
        found = self._client.list_users(
            UserPoolId=self._pool_id,
            # A JSON string escapes quotes and backslashes as the filter wants it.
            Filter=f"{attribute} = {json.dumps(value, ensure_ascii=False)}",
            Limit=1,
        )["Users"]
        if not found:
            return None
        user = found[0]
        attributes = {a["Name"]: a.get("Value") for a in user.get("Attributes", [])}
        return Person(
            user_id=attributes["sub"] or user["Username"],
            email=attributes.get("email"),
            status=user["UserStatus"],
            is_enabled=user["Enabled"],
            since=user["UserCreateDate"],
        )
