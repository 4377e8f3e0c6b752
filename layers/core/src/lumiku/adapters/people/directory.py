"""Looking people up in the user pool."""

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from lumiku.services.people.ports import Directory, Person

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import UserTypeTypeDef


class CognitoDirectory(Directory):
    """The people of one user pool."""

    def __init__(self, client: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._client = client
        self._pool_id = pool_id

    def by_email(self, email: str) -> Person | None:
        return self._first("email", email)

    def by_id(self, user_id: str) -> Person | None:
        return self._first("sub", user_id)

    def remove(self, user_id: str) -> None:
        person = self._find("sub", user_id)
        if person is not None:
            with suppress(self._client.exceptions.UserNotFoundException):
                self._client.admin_delete_user(
                    UserPoolId=self._pool_id, Username=person["Username"]
                )

    def _first(self, attribute: str, value: str) -> Person | None:
        user = self._find(attribute, value)
        if user is None:
            return None
        attributes = {a["Name"]: a.get("Value") for a in user.get("Attributes", [])}
        return Person(
            user_id=attributes["sub"] or user["Username"],
            email=attributes.get("email"),
            status=user["UserStatus"],
            is_enabled=user["Enabled"],
            since=user["UserCreateDate"],
        )

    def _find(self, attribute: str, value: str) -> "UserTypeTypeDef | None":
        found = self._client.list_users(
            UserPoolId=self._pool_id,
            # A JSON string escapes quotes and backslashes as the filter wants it.
            Filter=f"{attribute} = {json.dumps(value, ensure_ascii=False)}",
            Limit=1,
        )["Users"]
        return found[0] if found else None
