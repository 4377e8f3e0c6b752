"""Templates: `TEMPLATES#PUBLIC`, and of an account's own `TEMPLATES#USER#<user>`.

In both: `META#<id>`, `TOTAL#<id>` and `VERSION#<id>#<version>`, which stays. In an account's also
`COUNT`, of own ones that are not retired, and `USE#<id>` of any template, which is due in gsi2
while the totals lack something of it. Totals move by that alone: no order waits for another
account's.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from lumiku.adapters.contention import transact
from lumiku.adapters.rows import ConditionFailed, Key, Row, Table, Write, inserting, updating
from lumiku.domain.instant import iso
from lumiku.domain.projects.templates import (
    MAX_OWN,
    StoredTemplate,
    TemplateUse,
    TooManyTemplates,
    Totals,
    is_own,
)
from lumiku.services.projects.template_ports import Shelf, TemplateStore
from photo_steps.templates import Template

DUE = "DUE#TEMPLATE"
_PUBLIC = "TEMPLATES#PUBLIC"


def _of_user(user_id: str) -> str:
    return f"TEMPLATES#USER#{user_id}"


def _key(user_id: str, template_id: str, kind: str) -> Key:
    """Key of a row of a template that the account finds."""
    pk = _of_user(user_id) if is_own(template_id) else _PUBLIC
    return pk, f"{kind}#{template_id}"


def _use_key(user_id: str, template_id: str) -> Key:
    return _of_user(user_id), f"USE#{template_id}"


def using(table: str, user_id: str, template_id: str, at: datetime) -> Write:
    """Of a transaction: count one use of a template, for the account and soon for all."""
    update, values = _told_later("ADD #uses :one", at)
    return updating(table, _use_key(user_id, template_id), update, {**values, ":one": 1})


def _told_later(update: str, at: datetime) -> tuple[str, Row]:
    """The update of a use, which is due then."""
    due = "gsi2pk = :kind, gsi2sk = :due"
    joined = f"{update}, {due}" if update.startswith("SET") else f"{update} SET {due}"
    return joined, {":kind": DUE, ":due": iso(at)}


class TemplateTable(Table, TemplateStore):
    """Templates that are rows, and what accounts did with any."""

    def shelf(self, user_id: str) -> Shelf:
        stored: dict[str, StoredTemplate] = {}
        totals: dict[str, Totals] = {}
        uses: dict[str, TemplateUse] = {}
        for pk in (_PUBLIC, _of_user(user_id)):
            found = self.rows.query(
                "pk = :shelf AND sk BETWEEN :first AND :last",
                {":shelf": pk, ":first": "META#", ":last": "USE#~"},
            )
            for row in found:
                kind, _, template_id = row["sk"].partition("#")
                if kind == "META":
                    stored[template_id] = _read(row)
                elif kind == "TOTAL":
                    totals[template_id] = Totals.model_validate(row)
                else:
                    uses[template_id] = _read_use(row)
        return Shelf(stored, totals, uses)

    def stored(self, user_id: str, template_id: str) -> StoredTemplate | None:
        row = self.rows.get(_key(user_id, template_id, "META"))
        return _read(row) if row else None

    def version(self, user_id: str, template_id: str, version: str) -> Template | None:
        pk, sk = _key(user_id, template_id, "VERSION")
        row = self.rows.get((pk, f"{sk}#{version}"))
        return Template.model_validate_json(row["template"]) if row else None

    def save(self, user_id: str, stored: StoredTemplate) -> bool:
        table, template = self.rows.table, stored.template
        pk, sk = _key(user_id, template.id, "META")
        said = stored.model_dump(mode="json", exclude={"template"})
        row = {"pk": pk, "sk": sk, **said, "template": template.model_dump_json()}
        is_new = stored.revision == 1
        put: Any = inserting(table, row)
        if not is_new:
            put["Put"]["ConditionExpression"] = "revision = :before"
            put["Put"]["ExpressionAttributeValues"] = {":before": {"N": str(stored.revision - 1)}}
        writes = [put, self._keeping(pk, stored)]
        if is_own(template.id) and (is_new or stored.retired_at):
            values: Row = {":more": 1 if is_new else -1}
            when = None
            if is_new:
                values[":most"] = MAX_OWN
                when = "attribute_not_exists(#templates) OR #templates < :most"
            count = (pk, "COUNT")
            writes.append(updating(table, count, "ADD #templates :more", values, when=when))
        reasons = transact(self.rows.client, writes)
        if not reasons:
            return True
        if reasons[0].get("Code") != "ConditionalCheckFailed":
            raise TooManyTemplates
        return False

    def _keeping(self, pk: str, stored: StoredTemplate) -> Write:
        """Keep a version: whoever made it first."""
        template = stored.template
        return updating(
            self.rows.table,
            (pk, f"VERSION#{template.id}#{template.version}"),
            "SET #template = :template, made_by = if_not_exists(made_by, :made_by),"
            " made_at = if_not_exists(made_at, :at)",
            {
                ":template": template.model_dump_json(),
                ":made_by": stored.made_by,
                ":at": iso(stored.updated_at),
            },
        )

    def use_of(self, user_id: str, template_id: str) -> TemplateUse:
        row = self.rows.get(_use_key(user_id, template_id))
        return _read_use(row) if row else TemplateUse(user_id=user_id, template_id=template_id)

    def rate(self, user_id: str, template_id: str, stars: int, at: datetime) -> bool:
        update, values = _told_later("SET rating = :stars", at)
        values |= {":stars": stars, ":none": 0}
        with suppress(ConditionFailed):
            key = _use_key(user_id, template_id)
            self.rows.update(key, update, values, when="#uses > :none")
            return True
        return False

    def untold(self, now: datetime, *, limit: int) -> list[TemplateUse]:
        due = self.rows.due(DUE, iso(now), limit=limit)
        found = (self.rows.get((row["pk"], row["sk"])) for row in due)
        return [_read_use(row) for row in found if row]

    def tell(self, use: TemplateUse) -> bool:
        table, more = self.rows.table, use.untold
        is_unmoved, known = _unmoved(use)
        told = updating(
            table,
            _use_key(use.user_id, use.template_id),
            "SET told_uses = :now_uses, told_rating = :now_rating REMOVE gsi2pk, gsi2sk",
            {":now_uses": use.uses, ":now_rating": use.rating, **known},
            when=is_unmoved,
        )
        total = updating(
            table,
            _key(use.user_id, use.template_id, "TOTAL"),
            "ADD #uses :uses, ratings :ratings, stars :stars",
            {":uses": more.uses, ":ratings": more.ratings, ":stars": more.stars},
        )
        return not transact(self.rows.client, [told, total])


def _unmoved(use: TemplateUse) -> tuple[str, Row]:
    """That a use is as it was read; what is 0 was never written."""
    counts = use.model_dump(exclude={"user_id", "template_id"})
    values = {f":{name}": count for name, count in counts.items() if count}
    asked = (
        f"#{name} = :{name}" if count else f"(attribute_not_exists(#{name}) OR #{name} = :zero)"
        for name, count in counts.items()
    )
    return " AND ".join(asked), values | ({":zero": 0} if 0 in counts.values() else {})


def _read(row: Mapping[str, Any]) -> StoredTemplate:
    """A template is kept as text: its version is the hash of that."""
    template = Template.model_validate_json(row["template"])
    return StoredTemplate.model_validate({**row, "template": template})


def _read_use(row: Mapping[str, Any]) -> TemplateUse:
    user_id = row["pk"].removeprefix("TEMPLATES#USER#")
    template_id = row["sk"].removeprefix("USE#")
    return TemplateUse.model_validate({**row, "user_id": user_id, "template_id": template_id})
