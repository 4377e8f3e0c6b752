"""What items became: rows of their project.

`OF#<item>#VARIATION#<place>`, `OF#<item>#CUTOUT#<name>` and `OF#<item>#PAID#<name>#<job>` of an
item, and `GENERATION#<job>` of each generation that is under way, which is due in gsi2 as uploads
are.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from lumiku.adapters.contention import transact
from lumiku.adapters.projects import templates
from lumiku.adapters.projects.projects import (
    DUE,
    FIRST_LOOK,
    IS_THERE,
    due_at,
    item_key,
    of_group_key,
    project_key,
)
from lumiku.adapters.rows import (
    ConditionFailed,
    Key,
    Row,
    Table,
    Write,
    checking,
    deleting,
    inserting,
    to_item,
    updating,
)
from lumiku.domain.instant import iso
from lumiku.domain.projects.items import Batch, Item, parsed
from lumiku.domain.projects.variations import (
    Generation,
    KeptCutOut,
    PaidFor,
    Variation,
    parsed_variation,
)
from lumiku.services.projects.ports import Belongings, VariationStore
from lumiku.services.transactions import StartGeneration, TakeBack


def _key(item_id: str, what: str) -> Key:
    """Key of a row of an item."""
    found = parsed(item_id)
    if found is None:
        raise ValueError(item_id)
    project_id, place = found
    return project_key(project_id, f"OF#{place}#{what}")


def _generation_key(item_id: str, job_id: str) -> Key:
    found = parsed(item_id)
    if found is None:
        raise ValueError(item_id)
    return project_key(found[0], f"GENERATION#{job_id}")


def _paid_key(item_id: str, name: str, job_id: str) -> Key:
    return _key(item_id, f"PAID#{name}#{job_id}")


def starting(table: str, change: StartGeneration) -> list[Write]:
    """Note a generation, if item and project are there and what it relies on is paid for."""
    job, told = change.job, change.for_item
    key = _generation_key(told.item_id, job.id)
    note = {
        "pk": key[0],
        "sk": key[1],
        "id": job.id,
        "item_id": told.item_id,
        "is_free": job.is_free,
        "gsi2pk": DUE,
        "gsi2sk": due_at(job.created_at + FIRST_LOOK, key[0].removeprefix("PROJECT#")),
    }
    writes = [
        updating(table, (key[0], "META"), "ADD begun :one", {":one": 1}, when=IS_THERE),
        checking(table, item_key(told.item_id), IS_THERE),
        inserting(table, note),
    ]
    if told.holds is not None:
        held = _paid_key(told.item_id, told.holds, job.id)
        paid = {"pk": held[0], "sk": held[1], "name": told.holds, "job_id": job.id}
        writes.append(inserting(table, paid))
    if told.relies_on is not None:
        relied_on = _paid_key(told.item_id, *told.relies_on)
        writes.append(checking(table, relied_on, "attribute_exists(pk)"))
    return writes


def taking_back(table: str, change: TakeBack) -> Write:
    """Remove the note of what a job held."""
    told = change.for_item
    return deleting(table, _paid_key(told.item_id, told.holds or "", change.job.id))


class VariationTable(Table, VariationStore):
    """What items became, and the generations that are at it."""

    def belongings(self, item: Item) -> Belongings:
        variations, cut_outs, paid_for = [], [], []
        for row in self._rows_of(item):
            kind = row["sk"].split("#")[2]
            if kind == "VARIATION" and "deleted_at" not in row:
                variations.append(Variation.model_validate(row))
            elif kind == "CUTOUT":
                cut_outs.append(KeptCutOut.model_validate(row))
            elif kind == "PAID":
                paid_for.append(PaidFor.model_validate(row))
        return Belongings(tuple(reversed(variations)), tuple(cut_outs), tuple(paid_for))

    def add(self, variation: Variation) -> None:
        row = _row(self._variation_key(variation.id), variation)
        transact(self.rows.client, [inserting(self.rows.table, row)])

    def generations(self, project_id: str) -> list[Generation]:
        found = self.rows.query(
            "pk = :project AND begins_with(sk, :kind)",
            {":project": project_key(project_id)[0], ":kind": "GENERATION#"},
        )
        return list(map(Generation.model_validate, found))

    def generation(self, project_id: str, job_id: str) -> Generation | None:
        row = self.rows.get(project_key(project_id, f"GENERATION#{job_id}"))
        return Generation.model_validate(row) if row else None

    def keep(
        self,
        generation: Generation,
        item: Item,
        variation: Variation | None,
        cut_out: KeptCutOut | None,
    ) -> bool:
        note = _generation_key(generation.item_id, generation.id)
        ended = deleting(self.rows.table, note, when="attribute_exists(pk)")
        return not transact(self.rows.client, [ended, *self._keeping(item, variation, cut_out)])

    def keep_of_batch(
        self,
        batch: Batch,
        index: int,
        item: Item,
        variation: Variation,
        cut_out: KeptCutOut | None,
        paid_for: PaidFor | None,
    ) -> bool:
        ended = updating(
            self.rows.table,
            of_group_key(batch),
            "ADD kept :kept",
            {":kept": {index}, ":index": index},
            when="attribute_exists(pk) AND NOT contains(kept, :index)",
        )
        writes = [ended, *self._keeping(item, variation, cut_out)]
        if paid_for is not None:
            writes.append(
                self._putting(_paid_key(item.id, paid_for.name, paid_for.job_id), paid_for)
            )
        return not transact(self.rows.client, writes)

    def note_kept(self, batch: Batch, indexes: Collection[int]) -> None:
        with suppress(ConditionFailed):
            self.rows.update(
                of_group_key(batch),
                "ADD kept :kept",
                {":kept": set(indexes)},
                when="attribute_exists(pk)",
            )

    def cut_outs_of(self, items: Sequence[Item], name: str) -> dict[str, KeptCutOut]:
        rows = self.rows.get_all([_key(item.id, f"CUTOUT#{name}") for item in items])
        found = zip(items, rows, strict=True)
        return {item.id: KeptCutOut.model_validate(row) for item, row in found if row}

    def _keeping(
        self, item: Item, variation: Variation | None, cut_out: KeptCutOut | None
    ) -> list[Write]:
        """Of a transaction: put what was made of an item, if that and its project are there."""
        table = self.rows.table
        writes = [checking(table, project_key(item.project_id), IS_THERE)]
        if variation is not None:
            writes += [
                inserting(table, _row(self._variation_key(variation.id), variation)),
                updating(
                    table,
                    item_key(item.id),
                    "SET selected = :variation, #status = :processed",
                    {":variation": variation.id, ":processed": "processed"},
                    when=IS_THERE,
                ),
            ]
            if variation.template_id is not None:
                at = variation.created_at
                writes.append(templates.using(table, item.user_id, variation.template_id, at))
        else:
            writes.append(checking(table, item_key(item.id), IS_THERE))
        if cut_out is not None:
            writes.append(self._putting(_key(item.id, f"CUTOUT#{cut_out.name}"), cut_out))
        return writes

    def _putting(self, key: Key, one: KeptCutOut | PaidFor) -> Write:
        return {"Put": {"TableName": self.rows.table, "Item": to_item(_row(key, one))}}

    def forget_generation(self, generation: Generation) -> None:
        self.rows.delete(_generation_key(generation.item_id, generation.id))

    def variation(self, variation_id: str) -> Variation | None:
        if parsed_variation(variation_id) is None:
            return None
        row = self.rows.get(self._variation_key(variation_id))
        return Variation.model_validate(row) if row else None

    def variation_at(self, project_id: str, place: str) -> Variation | None:
        row = self.rows.get(project_key(project_id, place))
        return Variation.model_validate(row) if row else None

    def select(self, item: Item, variation: Variation) -> bool:
        table = self.rows.table
        writes = [
            checking(table, self._variation_key(variation.id), IS_THERE),
            updating(
                table,
                item_key(item.id),
                "SET selected = :variation",
                {":variation": variation.id},
                when=IS_THERE,
            ),
        ]
        return not transact(self.rows.client, writes)

    def delete_variation(self, item: Item, variation: Variation, at: datetime) -> bool:
        table, selected = self.rows.table, {":variation": variation.id}
        gone = updating(
            table,
            self._variation_key(variation.id),
            "SET deleted_at = :at, gsi2pk = :kind, gsi2sk = :due",
            {":at": iso(at), ":kind": DUE, ":due": due_at(at, item.project_id)},
            when=IS_THERE,
        )
        if item.selected == variation.id:
            is_that = f"{IS_THERE} AND selected = :variation"
            other = updating(table, item_key(item.id), "REMOVE selected", selected, when=is_that)
        else:
            is_another = "attribute_not_exists(selected) OR selected <> :variation"
            other = checking(table, item_key(item.id), f"{IS_THERE} AND ({is_another})", selected)
        return not transact(self.rows.client, [gone, other])

    def forget_belongings(self, item: Item) -> None:
        for row in self._rows_of(item, show="pk, sk"):
            self.rows.delete((row["pk"], row["sk"]))

    def _rows_of(self, item: Item, *, show: str | None = None) -> list[Row]:
        pk, prefix = _key(item.id, "")
        values = {":project": pk, ":of": prefix}
        condition = "pk = :project AND begins_with(sk, :of)"
        return list(self.rows.query(condition, values, show=show))

    def _variation_key(self, variation_id: str) -> Key:
        found = parsed_variation(variation_id)
        if found is None:
            raise ValueError(variation_id)
        return _key(found[0], f"VARIATION#{found[1]}")


def _row(key: Key, one: Variation | KeptCutOut | PaidFor) -> dict[str, Any]:
    return {**one.model_dump(mode="json", exclude_none=True), "pk": key[0], "sk": key[1]}
