"""API keys: `KEY#<id> / META`, in gsi1 by account."""

from contextlib import suppress
from datetime import datetime

from lumiku.adapters.rows import ConditionFailed, Key, Table
from lumiku.domain.errors import Busy
from lumiku.domain.instant import iso
from lumiku.domain.people.keys import REMEMBERED, ApiKey
from lumiku.services.people.ports import KeyStore

PAGE = 100


class KeyTable(Table, KeyStore):
    """API keys, without their secrets."""

    def key(self, key_id: str) -> ApiKey | None:
        row = self.rows.get(_key(key_id))
        return ApiKey.model_validate(row) if row else None

    def keys(self, account: str) -> list[ApiKey]:
        values = {":of_user": _of_account(account)}
        rows = self.rows.query("gsi1pk = :of_user", values, index="gsi1", at_once=PAGE)
        return [ApiKey.model_validate(row) for row in rows]

    def add(self, key: ApiKey) -> None:
        pk, sk = _key(key.id)
        place = {"gsi1pk": _of_account(key.account), "gsi1sk": f"{iso(key.created_at)}#{key.id}"}
        self.rows.put(
            {**key.model_dump(mode="json", exclude_none=True), **place, "pk": pk, "sk": sk}
        )

    def replace_secrets(self, was: ApiKey, now: ApiKey) -> None:
        told = {":was": _secrets(was), ":now": _secrets(now), ":ends_in": now.ends_in}
        when = "attribute_not_exists(revoked_at) AND secrets = :was"
        update = "SET secrets = :now, ends_in = :ends_in"
        try:
            self.rows.update(_key(was.id), update, told, when=when)
        except ConditionFailed:
            raise Busy from None

    def revoke(self, key_id: str, at: datetime) -> None:
        values = {":at": iso(at), ":ttl": int((at + REMEMBERED).timestamp())}
        when = "attribute_exists(pk) AND attribute_not_exists(revoked_at)"
        with suppress(ConditionFailed):
            self.rows.update(_key(key_id), "SET revoked_at = :at, #ttl = :ttl", values, when=when)

    def note_use(self, key_id: str, at: datetime) -> None:
        with suppress(ConditionFailed):
            self.rows.update(
                _key(key_id),
                "SET last_used_at = :at",
                {":at": iso(at)},
                when="attribute_exists(pk)",
            )


def _key(key_id: str) -> Key:
    return f"KEY#{key_id}", "META"


def _of_account(account: str) -> str:
    return f"USER#{account}#KEYS"


def _secrets(key: ApiKey) -> list[dict[str, object]]:
    return [
        one.model_dump(mode="json", exclude_none=True)  # as a row has them
        for one in key.secrets
    ]
