"""API keys: what people do with theirs, and opening the door to who brings one."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from lumiku.domain.people.callers import Caller, Scope
from lumiku.domain.people.identity import NotAllowed
from lumiku.domain.people.keys import (
    BOTH_VALID,
    ID_BYTES,
    MAX_KEYS,
    NOTED_EVERY,
    SECRET_BYTES,
    ApiKey,
    Given,
    Mode,
    Secret,
    TooManyKeys,
    hash_of,
    unknown,
)
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.people.ports import KeyStore

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Keys:
    """The use cases of /api/keys. A key is shown when it is made and never again."""

    store: KeyStore
    clock: Clock

    def keys(self, caller: Caller) -> list[ApiKey]:
        """The account's, the oldest first; revoked ones for a while."""
        return self.store.keys(caller.account)

    def create(
        self,
        caller: Caller,
        name: str,
        mode: Mode,
        scopes: Collection[Scope],
        orders_per_minute: int | None,
    ) -> tuple[ApiKey, str]:
        """A new key and what is to be sent with requests. `TooManyKeys` if there are enough."""
        if sum(key.revoked_at is None for key in self.keys(caller)) >= MAX_KEYS:
            raise TooManyKeys
        given = Given(mode, f"key_{secrets.token_hex(ID_BYTES)}", secrets.token_hex(SECRET_BYTES))
        key = ApiKey(
            id=given.id,
            account=caller.account,
            maker=caller.actor,
            membership=caller.membership,
            name=name,
            mode=mode,
            scopes=tuple(sorted(set(scopes))),
            orders_per_minute=orders_per_minute,
            secrets=(Secret(sha256=hash_of(given.secret)),),
            ends_in=given.secret[-SHOWN:],
            created_at=self.clock(),
        )
        self.store.add(key)
        return key, str(given)

    def rotate(self, caller: Caller, key_id: str) -> tuple[ApiKey, str]:
        """Another secret; the one before works too for a day, older ones no more.

        `NotAllowed` for all but who made it: whoever has its secret acts as they may.
        """
        key = self._owned(caller, key_id)
        if not key.is_of(caller):
            raise NotAllowed(
                Text(
                    "Only who made this key replaces it. Make one of your own and revoke this one.",
                    "Hanya pembuat kunci ini yang dapat menggantinya. Buatlah kunci sendiri, lalu"
                    " cabut kunci ini.",
                )
            )
        if key.revoked_at is not None:
            raise unknown(key_id)
        given = Given(key.mode, key.id, secrets.token_hex(SECRET_BYTES))
        before = key.secrets[0].model_copy(update={"until": self.clock() + BOTH_VALID})
        rotated = key.model_copy(
            update={
                "secrets": (Secret(sha256=hash_of(given.secret)), before),
                "ends_in": given.secret[-SHOWN:],
            }
        )
        self.store.replace_secrets(key, rotated)
        return rotated, str(given)

    def revoke(self, caller: Caller, key_id: str) -> ApiKey:
        """The key is good for nothing any more, nor are its secrets of before."""
        key, now = self._owned(caller, key_id), self.clock()
        self.store.revoke(key_id, now)
        return key.model_copy(update={"revoked_at": key.revoked_at or now})

    def open(self, text: str) -> Caller | None:
        """Who acts by the key that was sent; None if it is none, or good no more."""
        given = Given.parse(text)
        key = self.store.key(given.id) if given else None
        now = self.clock()
        if given is None or key is None or given.mode != key.mode:
            return None
        if not key.proves(given.secret, now):
            return None
        if key.last_used_at is None or now - key.last_used_at >= NOTED_EVERY:
            self.store.note_use(key.id, now)
        return key.caller()

    def _owned(self, caller: Caller, key_id: str) -> ApiKey:
        key = self.store.key(key_id)
        if key is None or key.account != caller.account:
            raise unknown(key_id)
        return key
