"""Fetching single pictures: as they are stored, or rendered in another format or size, for nothing.

What is rendered lies under `out/` and expires with it; a repetition renders the same file anew.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lumiku.apps.studio.plans import Gate, Need, missing, plan_of
from lumiku.apps.studio.prices import APP
from lumiku.domain.errors import InvalidRequest, NotFound
from lumiku.domain.money.quotas import quota_day
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import DOWNLOAD, Pace
from lumiku.domain.projects.items import Item
from lumiku.domain.projects.variations import Variation, missing_variation
from lumiku.domain.texts import Text
from lumiku.domain.work.file_names import extension, result_name
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Wallets
from lumiku.services.people.admission import admit
from lumiku.services.people.ports import Paces
from lumiku.services.projects.items import Items
from lumiku.services.projects.ports import VariationStore
from lumiku.services.work.jobs import LINK_TIME, Link
from lumiku.services.work.ports import PhotoMissing, PhotoStore
from photo_steps import Format
from photo_steps.exports import SQUARES, Size, Target, size_named

MAX_PIXELS = {"jpeg": 64_000_000, "png": 25_000_000, "webp": 25_000_000}
"""Of a file that is rendered while somebody waits: at most some 5 s of CPU and 1.1 GB."""

type Render = Callable[[bytes, Target], bytes]
"""Makes the file of a target from that of a finished picture."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A link to a variation; `pace` is what is left of the limit, where it was rendered."""

    variation: Variation
    link: Link
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Downloads:
    """The use case of GET /items/{id}/download. It charges nothing."""

    items: Items
    store: VariationStore
    wallets: Wallets
    paces: Paces
    photos: PhotoStore
    render: Render
    clock: Clock

    def fetch(
        self,
        caller: Caller,
        item_id: str,
        variation_id: str | None,
        format: Format | None,
        size: str | None,
    ) -> Fetched:
        """A link to the variation (without one the selected, else the newest) in format and size.

        Without a format in the one that it is stored in. `NotInPlan`, or `InvalidRequest` for a
        size that cannot be and for more pixels than are rendered at once; what is refused counts
        against no limit. `NotFound`, `TooManyRequests`.
        """
        item, variation = self._chosen(caller, item_id, variation_id)
        stored, wanted = variation.result, _size(size)
        own = stored.width_px, stored.height_px
        is_stored = format in {None, stored.format} and wanted in {None, own}
        target = Target(format=format or stored.format, size_px=None if is_stored else wanted)
        if not is_stored:
            _check_pixels(target.format, *(wanted or own))
        needs = _needs(format if is_stored else target.format, wanted)
        pace = self._admit(caller, needs, is_stored=is_stored)
        if is_stored:
            return Fetched(variation, self._link(item, stored.key, target, stored.size_bytes))
        try:
            data = self.render(self.photos.read(stored.key).data, target)
        except PhotoMissing:  # it was deleted since
            raise missing_variation(variation.id) from None
        key = _key(variation, target)
        self.photos.write(key, data, content_type=f"image/{target.format}")
        return Fetched(variation, self._link(item, key, target, len(data)), pace)

    def _chosen(
        self, caller: Caller, item_id: str, variation_id: str | None
    ) -> tuple[Item, Variation]:
        item = self.items.get(caller, item_id)
        has = self.store.belongings(item)
        found = has.shown(item)
        if variation_id is not None:
            found = next((one for one in has.variations if one.id == variation_id), None)
        if found is None:
            raise missing_variation(variation_id) if variation_id else _none_of(item)
        return item, found

    def _admit(self, caller: Caller, needs: list[Need], *, is_stored: bool) -> Pace | None:
        """Refuse what the plan lacks, then count what has to be rendered."""
        if is_stored and not needs:
            return None
        now = self.clock()
        wallet = self.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        if refusal := missing(plan_of(wallet, now), needs):
            raise refusal
        if is_stored:
            return None
        return admit(self.paces, caller.account, wallet.account.limit(DOWNLOAD), now)

    def _link(self, item: Item, key: str, target: Target, size_bytes: int) -> Link:
        prefix = "studio-" if target.size_px is None else f"studio-{target.label}-"
        name = result_name(item.file_name, target.format, prefix=prefix)
        url = self.photos.link(key, file_name=name, valid_s=int(LINK_TIME.total_seconds()))
        until = self.clock() + LINK_TIME
        return Link(url, until, size_bytes, name, f"image/{target.format}")


def _none_of(item: Item) -> NotFound:
    return NotFound(
        Text(
            f"Nothing was made of {item.id} yet; process it first.",
            f"Belum ada hasil dari {item.id}; proses dulu item ini.",
        )
    )


def _size(text: str | None) -> Size | None:
    try:
        return None if text is None else size_named(text)
    except ValueError as error:
        en, id_ = error.args
        raise InvalidRequest.at("query.size", Text(en, id_)) from None


def _needs(format: Format | None, size: Size | None) -> list[Need]:
    needs = [Need(Gate.FORMAT, format)] if format else []
    return needs + ([Need(Gate.CUSTOM_SIZE)] if size and size not in SQUARES else [])


def _check_pixels(format: Format, width: int, height: int) -> None:
    if width * height > MAX_PIXELS[format]:
        most, found = MAX_PIXELS[format] // 1_000_000, -(-width * height // 1_000_000)
        raise InvalidRequest.at(
            "query.size",
            Text(
                f"As {format}, at most {most} megapixels are rendered at once; these are {found}. "
                "An export makes larger files.",
                f"Sebagai {format}, paling banyak {most} megapiksel dirender sekaligus; ini "
                f"{found}. Ekspor dapat membuat berkas yang lebih besar.",
            ),
        )


def _key(variation: Variation, target: Target) -> str:
    """Key of the rendered file: the same for the same picture, format and size."""
    name = f"{target.label}.{extension(target.format)}"
    return f"out/{variation.user_id}/{variation.id}/{name}"
