"""Projects: `PROJECT#<id> / META`, `/ ITEM#<place>`, `/ UPLOAD#<group>` and `/ BATCH#<group>`.

A project is in gsi1 by user and time, and under another name once it is deleted. In gsi2 is what
somebody must look after: uploads and batches that are under way, and what is deleted until nothing
is left of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from lumiku.adapters.contention import transact
from lumiku.adapters.rows import ConditionFailed, Key, Row, Table, Write, inserting, updating
from lumiku.domain.instant import iso
from lumiku.domain.projects.items import Batch, Item, UnderWay, Upload, parsed
from lumiku.domain.projects.projects import Described, Project
from lumiku.services.projects.ports import ProjectStore

DUE = "DUE#PROJECT"
FIRST_LOOK = timedelta(minutes=1)
UPLOADS_KEPT = timedelta(days=90)
_SAID_OF_ITEM = ("name", "sku", "tags", "favorite")
IS_THERE = "attribute_exists(pk) AND attribute_not_exists(deleted_at)"


def project_key(project_id: str, sort_key: str = "META") -> Key:
    """Key of a row of the project."""
    return f"PROJECT#{project_id}", sort_key


def due_at(moment: datetime, project_id: str) -> str:
    """Place in gsi2 of what a project shall be looked at for at that moment."""
    return f"{iso(moment)}#{project_id}"


def item_key(item_id: str) -> Key:
    """Key of an item's row."""
    found = parsed(item_id)
    if found is None:
        raise ValueError(item_id)
    return project_key(found[0], f"ITEM#{found[1]}")


def of_group_key(one: UnderWay) -> Key:
    """Key of the row of an upload or a batch."""
    kind = "UPLOAD" if isinstance(one, Upload) else "BATCH"
    return project_key(one.project_id, f"{kind}#{one.id}")


class ProjectTable(Table, ProjectStore):
    """Projects, the items in them, and the uploads that they come by."""

    def add(self, project: Project) -> bool:
        row = {
            **_row(project_key(project.id), project),
            "gsi1pk": f"USER#{project.user_id}#PROJECTS",
            "gsi1sk": project.place,
        }
        return not transact(self.rows.client, [inserting(self.rows.table, row)])

    def project(self, project_id: str) -> Project | None:
        row = self.rows.get(project_key(project_id))
        return Project.model_validate(row) if row else None

    def newest_projects(
        self, user_id: str, *, before: str | None, at_once: int
    ) -> Iterator[Project]:
        found = self.rows.newest(f"USER#{user_id}#PROJECTS", before=before, at_once=at_once)
        return map(Project.model_validate, found)

    def save(self, project: Project) -> bool:
        said = {name: getattr(project, name) for name in Described.model_fields}
        key = project_key(project.id)
        return self._save(key, said, project.version, project.updated_at)

    def delete(self, project: Project, at: datetime) -> bool:
        return self._update(
            project_key(project.id),
            "SET deleted_at = :at, gsi1pk = :gone, gsi2pk = :kind, gsi2sk = :due",
            {
                ":at": iso(at),
                ":gone": f"USER#{project.user_id}#DELETED",
                ":kind": DUE,
                ":due": due_at(at, project.id),
                ":begun": project.begun,
                ":version": project.version,
            },
            f"{IS_THERE} AND begun = :begun AND version = :version",
        )

    def begin(self, one: UnderWay) -> bool:
        row = _row(of_group_key(one), one) | {
            "gsi2pk": DUE,
            "gsi2sk": due_at(one.created_at + FIRST_LOOK, one.project_id),
        }
        row.pop("kept")
        count = self._change(one.project_id, "ADD begun :one", {":one": 1}, IS_THERE)
        reasons = transact(self.rows.client, [count, inserting(self.rows.table, row)])
        return not reasons or reasons[0].get("Code") != "ConditionalCheckFailed"

    def uploads(self, project_id: str) -> list[Upload]:
        found = map(Upload.model_validate, self._of_kind(project_id, "UPLOAD#"))
        return [upload for upload in found if not upload.ended]

    def upload(self, project_id: str, upload_id: str) -> Upload | None:
        row = self.rows.get(project_key(project_id, f"UPLOAD#{upload_id}"))
        return Upload.model_validate(row) if row else None

    def batches(self, project_id: str) -> list[Batch]:
        found = map(Batch.model_validate, self._of_kind(project_id, "BATCH#"))
        return [batch for batch in found if not batch.ended]

    def batch(self, project_id: str, batch_id: str) -> Batch | None:
        row = self.rows.get(project_key(project_id, f"BATCH#{batch_id}"))
        return Batch.model_validate(row) if row else None

    def _of_kind(self, project_id: str, kind: str) -> Iterator[Row]:
        return self.rows.query(
            "pk = :project AND begins_with(sk, :kind)",
            {":project": project_key(project_id)[0], ":kind": kind},
        )

    def end(self, one: UnderWay) -> None:
        self._update(
            of_group_key(one),
            "SET ended = :ended, #ttl = :ttl REMOVE gsi2pk, gsi2sk",
            {":ended": True, ":ttl": int((one.created_at + UPLOADS_KEPT).timestamp())},
            "attribute_exists(pk)",
        )

    def item(self, item_id: str) -> tuple[Project, Item] | None:
        found = parsed(item_id)
        if found is None:
            return None
        project_id, place = found
        keys = [project_key(project_id), project_key(project_id, f"ITEM#{place}")]
        project, item = self.rows.get_all(keys)
        if project is None or item is None:
            return None
        return Project.model_validate(project), Item.model_validate(item)

    def some_items(self, item_ids: Sequence[str]) -> list[Item]:
        rows = self.rows.get_all([item_key(one) for one in item_ids if parsed(one)])
        found = [Item.model_validate(row) for row in rows if row]
        return [item for item in found if item.deleted_at is None]

    def items(self, project_id: str, *, before: str | None, at_once: int) -> Iterator[Item]:
        found = self.rows.query(
            "pk = :project AND sk BETWEEN :first AND :last",
            {
                ":project": project_key(project_id)[0],
                ":first": "ITEM#",
                ":last": f"ITEM#{before or '~'}",
            },
            newest_first=True,
            at_once=at_once,
        )
        return (Item.model_validate(row) for row in found if row["sk"] != f"ITEM#{before}")

    def keep(self, upload: Upload, items: Sequence[tuple[int, Item]]) -> bool:
        added = {":items": len(items), ":bytes": sum(item.size_bytes for _, item in items)}
        writes = [
            self._change(
                upload.project_id, "ADD #items :items, size_bytes :bytes", added, IS_THERE
            ),
            updating(
                self.rows.table,
                of_group_key(upload),
                "ADD kept :kept",
                {":kept": {index for index, _ in items}},
                when="attribute_exists(pk)",
            ),
            *(inserting(self.rows.table, _row(item_key(item.id), item)) for _, item in items),
        ]
        return not transact(self.rows.client, writes)

    def save_item(self, item: Item) -> bool:
        said = {name: getattr(item, name) for name in _SAID_OF_ITEM}
        return self._save(item_key(item.id), said, item.version, item.updated_at)

    def delete_item(self, item: Item, at: datetime) -> bool:
        gone = updating(
            self.rows.table,
            item_key(item.id),
            "SET deleted_at = :at, gsi2pk = :kind, gsi2sk = :due",
            {
                ":at": iso(at),
                ":kind": DUE,
                ":due": due_at(at, item.project_id),
                ":version": item.version,
            },
            when=f"{IS_THERE} AND version = :version",
        )
        less = {":items": -1, ":bytes": -item.size_bytes}
        count = self._change(
            item.project_id, "ADD #items :items, size_bytes :bytes", less, "attribute_exists(pk)"
        )
        return not transact(self.rows.client, [gone, count])

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        found = self.rows.due(DUE, iso(now), limit=limit)
        return [(row["pk"].removeprefix("PROJECT#"), row["sk"]) for row in found]

    def look_again(self, project_id: str, place: str, at: datetime) -> None:
        self._update(
            project_key(project_id, place),
            "SET gsi2sk = :due",
            {":due": due_at(at, project_id)},
            "attribute_exists(gsi2pk)",
        )

    def forget(self, project_id: str, place: str) -> None:
        self.rows.delete(project_key(project_id, place))

    def item_at(self, project_id: str, place: str) -> Item | None:
        row = self.rows.get(project_key(project_id, place))
        return Item.model_validate(row) if row else None

    def places(self, project_id: str) -> list[str]:
        found = self.rows.query(
            "pk = :project", {":project": project_key(project_id)[0]}, show="sk"
        )
        return [row["sk"] for row in found if row["sk"] != "META"]

    def _save(self, key: Key, said: Mapping[str, Any], version: int, updated_at: datetime) -> bool:
        """Put `said` as that version, if the one before is stored; what is None is removed."""
        put = {name: value for name, value in said.items() if value is not None}
        sets = "".join(f", #{name} = :{name}" for name in put)
        gone = ", ".join(f"#{name}" for name in said if name not in put)
        return self._update(
            key,
            f"SET version = :version, updated_at = :now{sets}"
            + (f" REMOVE {gone}" if gone else ""),
            {
                ":version": version,
                ":before": version - 1,
                ":now": iso(updated_at),
                **{f":{name}": value for name, value in put.items()},
            },
            f"{IS_THERE} AND version = :before",
        )

    def _update(self, key: Key, update: str, values: Row, when: str) -> bool:
        try:
            self.rows.update(key, update, values, when=when)
        except ConditionFailed:
            return False
        return True

    def _change(self, project_id: str, update: str, values: Row, when: str) -> Write:
        """Of a transaction: change a project's own row."""
        return updating(self.rows.table, project_key(project_id), update, values, when=when)


def _row(key: Key, one: Project | Item | UnderWay) -> Row:
    return {**one.model_dump(mode="json", exclude_none=True), "pk": key[0], "sk": key[1]}
