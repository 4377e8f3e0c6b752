"""Puts uploaded photos through their workflows. The only function that opens hostile files."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from darkroom.asking import Wish
from darkroom.errors import PhotoRefused
from darkroom.keeping import pack_pixels, unpack_pixels
from darkroom.memory import keep_freed
from darkroom.models import Models
from darkroom.painted import Redrawn
from darkroom.picture import Bytes
from darkroom.received import NoSubject, Unusable, for_sending
from darkroom.steps.cut_out import RECIPES
from darkroom.weights import File, manifest
from darkroom.workflow import Kept, Tools, run
from lumiku import settings
from lumiku.bootstrap import aws, stores
from lumiku.bootstrap import hosting as providers
from lumiku.bootstrap import work as engine
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.reasons import PROMPT_REFUSED
from lumiku.domain.work.receipts import Receipt
from lumiku.messages import work
from lumiku.queues import Answered, ComeBack, handle_each
from lumiku.services.hosting.asking import NEEDS_A_PERSON, Asked, Call, Hosting
from lumiku.services.hosting.provider import (
    Answer,
    Fault,
    ProviderFault,
    Sent,
    SentPhoto,
    SentPrompt,
)
from lumiku.services.stopwatch import Stopwatch
from lumiku.services.work.attempts import Attempt, Developed, PhotoRejected
from lumiku.services.work.idempotency import fingerprint
from lumiku.services.work.ports import LostLease, PhotoMissing
from lumiku.services.work.processing import Done, Retry
from lumiku.trail import forget
from photo_steps import CutOut

MB_PER_VCPU = 1769  # of Lambda; AWS documentation, "Configuring memory"
# Hosted models look at 1,024 to 2,048 pixels; more would only take longer to send.
SENT_SIDE_PX = 2048

logger = Logger()
metrics = Metrics()


def weights(model: str) -> File:
    """What a model's file must be, in the precision of this deployment."""
    return manifest()[model].file(precision)


def weights_file(model: str) -> Path:
    """Verified file of a model's weights."""
    return stores.photos().weights(weights(model).sha256)


keep_freed()
memory_mb = settings.read(settings.SandboxSettings).AWS_LAMBDA_FUNCTION_MEMORY_SIZE
precision = settings.read(settings.ModelSettings).WEIGHTS_PRECISION
models = Models(weights_file, threads=max(1, round(memory_mb / MB_PER_VCPU)))
hosting = providers.hosting()


@dataclass
class Making:
    """A photo on its way through its workflow, and what its receipt will tell."""

    attempt: Attempt
    watch: Stopwatch = field(default_factory=Stopwatch)
    receipt: Receipt = field(default_factory=Receipt)

    def develop(self) -> Developed:
        """Run the workflow, from where an earlier attempt left a picture."""
        job, picture, resume = self.attempt.job, self.attempt.kept(), None
        if job.kept is not None and picture is not None:
            resume, self.receipt = Kept(job.kept.step, picture), job.kept.receipt
        else:
            models.load_ahead(needed(job))
        tools = Tools(models, self.watch, self.ask, self.stored)
        made = run(self.attempt.photo, job.workflow, tools, resume=resume, keep=self.keep)
        update = {"memory_mb": memory_mb, "stage_ms": self.watch.ms}
        return Developed(made.files, made.note, self._so_far().model_copy(update=update))

    def ask(self, place: int, route: str, wish: Wish) -> Bytes | None:
        """What a hosted provider makes, if that route has any and one does it.

        Words that a provider does not want to read end the job; a photo is cut out by our own.
        """
        if hosting is None or route not in asked_for(self.attempt.job):
            return None
        job = self.attempt.job
        alone = partial(ask, hosting, job, place, route, wish)
        with self.watch.stage("hosted"):
            if job.group_id is not None and wish.words is not None and wish.rgb is None:
                # It is the same for any photo: all that ask for it share one answer.
                name = fingerprint({"route": route, "words": asdict(wish.words)})
                by = providers.sharing()
                asked = by.ask(job, name, alone, pack_pixels, unpack_pixels)
                asked.route = route
            else:
                asked = alone()
        if asked.is_refused and wish.words is not None:
            raise PhotoRejected(PROMPT_REFUSED, "The provider refuses to paint these words.")
        self.receipt = self.receipt.plus(asked.receipt)
        return asked.found

    def stored(self, key: str) -> bytes:
        """A file that came beside the photo."""
        try:
            return self.attempt.photos.read(key).data
        except PhotoMissing:
            raise PhotoRejected("photo_missing", "The background is gone.") from None

    def keep(self, place: int, picture: bytes) -> None:
        """Leave the picture for later attempts; without it they only have more to do."""
        try:
            self.attempt.keep(place, picture, self._so_far())
        except LostLease:
            raise
        except Exception:
            logger.exception("picture not kept")
            metrics.add_metric("Photo_not_kept", MetricUnit.Count, 1)

    def _so_far(self) -> Receipt:
        ran = {name: weights(name).sha256 for name in sorted(models.ran)}
        return self.receipt.model_copy(update={"weights": {**self.receipt.weights, **ran}})


def asked_for(job: Job) -> Collection[str]:
    """Routes whose providers are asked for a job; none for a test, which may cost nothing."""
    return () if hosting is None or job.is_test else hosting.chains


def needed(job: Job) -> Iterator[str]:
    """Names of the embedded models that a job runs where no provider is asked first."""
    asked = asked_for(job)
    for step in job.workflow:
        if step.name == CutOut.step and (quality := step.read(CutOut).quality) not in asked:
            yield from RECIPES[quality].models


def sending(wish: Wish) -> Sent:
    """What a provider is sent for a wish."""
    photo = None if wish.rgb is None else _file(wish.rgb)
    words = wish.words
    if words is None:
        if photo is None:
            raise ValueError("a wish has a photo or words")
        return photo
    mask = None if words.mask is None else _file(words.mask)
    return SentPrompt(
        words.prompt, words.seed, words.width, words.height, photo, mask, words.lit_from
    )


def _file(pixels: Bytes) -> SentPhoto:
    sent = for_sending(pixels, SENT_SIDE_PX)
    return SentPhoto(sent.data, sent.content_type, sent.width, sent.height)


def ask(hosting: Hosting, job: Job, step: int, route: str, wish: Wish) -> Asked[Bytes]:
    """Ask the hosted providers of a route for what a step wishes for."""

    def read(answer: Answer) -> Bytes:
        try:
            if answer.is_flagged:
                raise ProviderFault(Fault.INPUT, "flagged by its checker", may_be_billed=True)
            return wish.read(answer.data, answer.shows)
        except Unusable as unusable:
            # One photo or prompt must not open the breaker for everybody's.
            kind = Fault.INPUT if isinstance(unusable, NoSubject | Redrawn) else Fault.TRANSIENT
            raise ProviderFault(kind, f"unusable: {unusable}", may_be_billed=True) from unusable

    asked = hosting.ask(job, step, route, cache(partial(sending, wish)), read)
    for call in asked.calls:
        tell(call)
    return asked


def tell(call: Call) -> None:
    """Log a call, and count it by route entry; providers' words go to the log and nowhere else."""
    logger.info("provider", call=asdict(call))
    counted = EphemeralMetrics()
    counted.add_dimension("entry", call.entry)
    outcome = call.fault or "answered"
    counted.add_metric(f"Provider_{outcome}", MetricUnit.Count, 1)
    counted.add_metric("Provider_latency", MetricUnit.Milliseconds, call.ms)
    if call.opened:
        counted.add_metric("Provider_opened", MetricUnit.Count, 1)
    counted.flush_metrics()
    if call.fault in NEEDS_A_PERSON:
        metrics.add_metric("Provider_refused", MetricUnit.Count, 1)


def count(app: str, done: Done) -> None:
    """Count what was made for an app, or failed."""
    counted = EphemeralMetrics()
    counted.add_dimension("app", app)
    counted.add_metric("Job_failed" if done.failed else "Job_completed", MetricUnit.Count, 1)
    if done.took_ms is not None:
        counted.add_metric("Job_took", MetricUnit.Milliseconds, done.took_ms)
    counted.flush_metrics()


def develop(attempt: Attempt) -> Developed:
    """Put a photo through its job's workflow."""
    try:
        return Making(attempt).develop()
    except PhotoRefused as refused:
        raise PhotoRejected(refused.code, refused.message, refused.facts) from refused


processing = engine.processing(develop)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> Answered:
    """Process what each message tells of; messages that need another try come back."""

    def process(body: str) -> None:
        retries = []
        for number, told in enumerate(work(body)):
            forget()
            done = processing.process(
                told,
                attempt_id=f"{context.aws_request_id}-{number}",
                time_left_s=context.get_remaining_time_in_millis() / 1000,
            )
            logger.info("photo", told=told, result=done)
            if isinstance(done, Retry):
                retries.append(done)
            else:
                metrics.add_metric(f"Photo_{done.outcome}", MetricUnit.Count, 1)
                if done.failed:
                    metrics.add_metric("Photo_failed", MetricUnit.Count, 1)
                if done.app is not None:
                    count(done.app, done)
                for role in done.lacks:
                    metrics.add_metric(f"Photo_without_{role}", MetricUnit.Count, 1)
        if retries:
            metrics.add_metric("Photo_retry", MetricUnit.Count, len(retries))
            raise ComeBack(max(r.after_s for r in retries), retries[0].reason)

    try:
        return handle_each(event, process, aws.sqs)
    finally:
        if metrics.metric_set:
            metrics.flush_metrics()
