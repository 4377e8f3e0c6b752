"""Brands: `BRAND#OF#<account> / META`, and `BRAND#SLUG#<slug> / META`, which names the account.

The second is in gsi1 by account.
"""

from lumiku.adapters.contention import transact
from lumiku.adapters.rows import ConditionFailed, Key, Row, Table, deleting, inserting, updating
from lumiku.domain.errors import Busy
from lumiku.domain.people.brands import Brand, SlugTaken
from lumiku.services.people.ports import BrandStore


class BrandTable(Table, BrandStore):
    """Brands of accounts."""

    def brand(self, account: str) -> Brand | None:
        row = self.rows.get(_key(account))
        return Brand.model_validate(row) if row else None

    def named(self, slug: str) -> Brand | None:
        claim = self.rows.get(_claim(slug))
        return self.brand(claim["account"]) if claim else None

    def save(self, was: Brand | None, brand: Brand) -> None:
        said = brand.model_dump(exclude={"logo"})
        kept = {name: value for name, value in said.items() if value is not None}
        values: Row = {f":{name}": value for name, value in kept.items()}
        update = "SET " + ", ".join(f"#{name} = :{name}" for name in kept)
        if gone := said.keys() - kept.keys():
            update += " REMOVE " + ", ".join(f"#{name}" for name in sorted(gone))
        when = "attribute_not_exists(pk)"
        if was is not None:
            when, values[":was"] = "slug = :was", was.slug
        table = self.rows.table
        writes = [updating(table, _key(brand.account), update, values, when=when)]
        if was is None or was.slug != brand.slug:
            pk, sk = _claim(brand.slug)
            place = {"gsi1pk": f"USER#{brand.account}#BRANDS", "gsi1sk": brand.slug}
            row = {"pk": pk, "sk": sk, "account": brand.account, **place}
            writes.append(inserting(table, row))
            if was is not None:
                writes.append(deleting(table, _claim(was.slug)))
        if reasons := transact(self.rows.client, writes):
            if reasons[0].get("Code") == "ConditionalCheckFailed":
                raise Busy
            raise SlugTaken(slug=brand.slug)

    def set_logo(self, was: Brand, logo: str | None) -> None:
        values: Row = {}
        update, when = "REMOVE logo", "attribute_exists(pk)"
        if logo is not None:
            update, values[":logo"] = "SET logo = :logo", logo
        if was.logo is None:
            when += " AND attribute_not_exists(logo)"
        else:
            when, values[":was"] = f"{when} AND logo = :was", was.logo
        try:
            self.rows.update(_key(was.account), update, values, when=when)
        except ConditionFailed:
            raise Busy from None

    def remove(self, was: Brand) -> None:
        table = self.rows.table
        when = "slug = :was AND attribute_not_exists(logo)"
        brand = deleting(table, _key(was.account), when=when, values={":was": was.slug})
        if transact(self.rows.client, [brand, deleting(table, _claim(was.slug))]):
            raise Busy


def _key(account: str) -> Key:
    return f"BRAND#OF#{account}", "META"


def _claim(slug: str) -> Key:
    return f"BRAND#SLUG#{slug}", "META"
