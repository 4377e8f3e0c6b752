"""Pictures of items: ordered, waited for, chosen and fetched."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from ._api import STUDIO, Api
from ._errors import ApiProblem
from ._generation_models import (
    Generation,
    GenerationBatch,
    GenerationPage,
    Made,
    Ordered,
    Preview,
    Variation,
    VariationPage,
)
from ._looks import Look
from ._models import DownloadLink, JobStatus, Progress, Stage
from ._retry import Patience
from ._studio_models import Deleted
from ._transfer import OnBytes, Storage
from ._waiting import until_over

_LONG_POLLS_S = (2, 5, 10, 20)
_PAUSE_S = 1.0

type OnProgress = Callable[[Progress], None]


class Generations:
    """Looks on their way to items. Every method raises ApiProblem."""

    def __init__(self, api: Api, patience: Patience) -> None:
        self._api = api
        self._patience = patience

    def order(
        self,
        item_id: str,
        look: Look,
        *,
        expected_credits: int | None = None,
        idempotency_key: str | None = None,
    ) -> Ordered:
        """Pays for a look of an item and starts it; free if that was made before.

        403 `not_in_plan` says what the plan lacks. `expected_credits` is refused with 409
        `price_changed` unless it is today's price.
        """
        what = "process" if look.template_id is None else "apply-template"
        body = look.body
        if expected_credits is not None:
            body["expectedCredits"] = expected_credits
        key = idempotency_key or str(uuid.uuid4())
        return self._api.post(f"{STUDIO}/items/{item_id}/{what}", Ordered, body, key=key)

    def preview(self, item_id: str, look: Look, *, timeout_s: float = 180) -> Preview:
        """How an item would look, at most 640 px a side: costs nothing, and may be marked.

        What the plan lacks can be seen too. Waits while the background is removed, once an item;
        raises ApiProblem `still_running` after `timeout_s`.
        """
        path = f"{STUDIO}/items/{item_id}/preview"

        def ask() -> tuple[Preview, float]:
            seen = self._api.post_again(path, Preview, look.body)
            return seen.data, seen.retry_after_s or _PAUSE_S

        return until_over(
            ask,
            lambda _: None,
            named={"itemId": item_id},
            timeout_s=timeout_s,
            sleep=self._patience.sleep,
        )

    def list(
        self,
        *,
        project_id: str | None = None,
        status: JobStatus | str | None = None,
        page_size: int = 50,
    ) -> Iterator[Generation | GenerationBatch]:
        """Those of the last week, and batches, newest first; page by page."""
        pages = self._api.pages(
            f"{STUDIO}/generations",
            GenerationPage,
            page_size=page_size,
            projectId=project_id,
            status=status,
        )
        return (generation for page in pages for generation in page.generations)

    def underway(self, project_id: str) -> Iterator[Generation]:
        """Single ones of a project that are not over, newest first."""
        for status in (JobStatus.PENDING, JobStatus.PROCESSING):
            for found in self.list(project_id=project_id, status=status):
                if isinstance(found, Generation):
                    yield found

    def show(self, generation_id: str, *, wait_s: int = 0) -> Generation:
        """One of a single item as it stands, or once it is over within `wait_s` (0 to 20) s."""
        params = {"wait": wait_s} if wait_s else None
        return self._api.get(f"{STUDIO}/generations/{generation_id}", Generation, params)

    def wait(
        self,
        generation_id: str,
        *,
        timeout_s: float = 900,
        on_look: Callable[[Generation], None] = lambda _: None,
    ) -> Generation:
        """One once it is over, whether well or not.

        Raises ApiProblem `still_running` after `timeout_s`; it goes on by itself.
        """
        polls = iter(_LONG_POLLS_S)

        def look() -> tuple[Generation, float]:
            return self.show(generation_id, wait_s=next(polls, _LONG_POLLS_S[-1])), _PAUSE_S

        return until_over(
            look,
            on_look,
            named={"generationId": generation_id},
            timeout_s=timeout_s,
            sleep=self._patience.sleep,
        )


class Variations:
    """Finished pictures of items. Every method raises ApiProblem."""

    def __init__(self, api: Api, storage: Storage) -> None:
        self._api = api
        self._storage = storage

    def list(self, item_id: str, *, page_size: int = 50) -> Iterator[Variation]:
        """Those of an item, newest first; page by page."""
        path = f"{STUDIO}/items/{item_id}/variations"
        pages = self._api.pages(path, VariationPage, page_size=page_size)
        return (variation for page in pages for variation in page.variations)

    def select(self, variation_id: str) -> Variation:
        """The item is shown by this one from now on."""
        return self._api.post(f"{STUDIO}/variations/{variation_id}/select", Variation)

    def delete(self, variation_id: str) -> None:
        """The picture and its files, for good."""
        self._api.delete(f"{STUDIO}/variations/{variation_id}", Deleted)

    def download(
        self,
        item_id: str,
        target: str | os.PathLike[str],
        *,
        variation_id: str | None = None,
        format: str | None = None,
        size: str | None = None,
        on_bytes: OnBytes = lambda *_: None,
    ) -> Path:
        """Writes the selected picture of an item, or another, to `target`: whole or not at all.

        In another `format` or `size` (`1080` or `1200x800`) than it is stored in it is rendered.
        """
        wanted = {"variation": variation_id, "format": format, "size": size}
        params = {name: value for name, value in wanted.items() if value is not None}

        def ask() -> DownloadLink:
            return self._api.get(f"{STUDIO}/items/{item_id}/download", DownloadLink, params)

        return self._storage.download(ask, target, on_bytes)


def make(
    generations: Generations,
    variations: Variations,
    item_id: str,
    look: Look,
    target: str | os.PathLike[str],
    *,
    begun: Generation | None,
    timeout_s: float,
    on_progress: OnProgress,
) -> Made:
    """Orders, waits, and writes the picture; see `Studio.make`."""
    on_progress(Progress(Stage.SUBMITTING))
    ordered = generations.order(item_id, look) if begun is None else None
    made = _made(generations, ordered, begun, timeout_s, on_progress)

    def on_bytes(done: int, total: int) -> None:
        on_progress(Progress(Stage.DOWNLOADING, made.generation_id, made.credits, done, total))

    variations.download(item_id, target, variation_id=made.variation_id, on_bytes=on_bytes)
    return made


def _made(
    generations: Generations,
    ordered: Ordered | None,
    begun: Generation | None,
    timeout_s: float,
    on_progress: OnProgress,
) -> Made:
    """The picture of an order, once it is there."""
    if ordered is not None and ordered.variation is not None:
        found = ordered.variation
        return Made(found.variation_id, None, 0, found.warnings)
    begun = ordered.generation if ordered is not None else begun
    if begun is None:
        raise ApiProblem(code="unexpected_answer", title="The server's answer was not understood")
    ended = _waited(generations, begun, timeout_s, on_progress)
    if ended.variation_id is None:
        raise _failure(ended)
    return Made(ended.variation_id, ended.generation_id, ended.credits_used, ended.warnings)


def _waited(
    generations: Generations, begun: Generation, timeout_s: float, on_progress: OnProgress
) -> Generation:
    def on_look(seen: Generation) -> None:
        stage = Stage.QUEUED if seen.status == JobStatus.PENDING else Stage.PROCESSING
        on_progress(Progress(stage, seen.generation_id, seen.credits_used))

    if begun.is_over:
        return begun
    on_progress(Progress(Stage.QUEUED, begun.generation_id, begun.credits_used))
    return generations.wait(begun.generation_id, timeout_s=timeout_s, on_look=on_look)


def _failure(generation: Generation) -> ApiProblem:
    error = generation.error
    return ApiProblem(
        code=error.code if error else "failed",
        title=error.message if error else "The picture could not be made.",
        extra={
            "generationId": generation.generation_id,
            "creditsUsed": generation.credits_used,
            "creditsRefunded": generation.credits_refunded,
        },
    )
