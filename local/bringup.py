"""From nothing to a laptop cloud that answers: each step is skipped when it was done before."""

import time
from datetime import UTC, datetime, timedelta

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from local import account, cloud, function_logs, page, previews, resuming, stack, weights
from local.layout import LaptopCloudError, Layout, Outputs
from local.processes import undisturbed
from local.steps import step

_ANSWER_S = 60


def up(layout: Layout) -> Outputs:
    """Have the laptop cloud running, deployed as the sources are now, with its demo account.

    When that fails or is interrupted, a cloud that was started here is ended again.
    """
    was_well = cloud.well(layout)
    saved_at = cloud.saved_at(layout)
    # Once: a source that is edited meanwhile must not make it another folder.
    shown = previews.folder_of_now()
    making, rendering = weights.make(layout), previews.make(layout, shown)
    try:
        if not cloud.is_current(layout):
            with step("Start an empty laptop cloud: ministack or its patches have changed"):
                cloud.kill(layout)
                cloud.wipe(layout)
                cloud.start(layout)
        elif not was_well:
            with step("Start the laptop cloud"):
                cloud.start(layout)
        _deploy(layout)
        outputs = stack.outputs(layout)
        with step("Model weights") as this:
            making.finish("Making the model weights")
            this.note = _sent(weights.upload(layout, outputs))
        with step("Previews of the templates") as this:
            rendering.finish("Rendering the previews")
            this.note = _sent(previews.upload(layout, outputs, shown))
        if page.is_built():
            with step("The page") as this:
                this.note = _sent(page.upload(layout))
        with step("Wait for the API"):
            _await_health(layout, outputs)
        with step("Demo account"):
            outputs = account.ensure(layout, outputs)
            account.verify_sender(layout)
        if not was_well and saved_at is not None:
            with step("Go on with what was cut short") as this:
                photos, executions = resuming.go_on(layout, outputs, saved_at)
                this.note = f"{photos} photos, {executions} batches"
        if not was_well:
            with step("Delete old photos and save the state") as this:
                this.note = f"{resuming.delete_old_objects(layout, outputs)} objects deleted"
                cloud.checkpoint(layout)
        outputs.write(layout)
    except BaseException as error:
        with undisturbed():
            problem = _in_words(layout, error)
            making.end()
            rendering.end()
            if not was_well:
                cloud.stop(layout) if layout.deployed.exists() else cloud.kill(layout)
        if problem:
            raise LaptopCloudError(problem) from error
        raise
    return outputs


def _deploy(layout: Layout) -> None:
    wanted = stack.fingerprint()
    if stack.is_current(layout, wanted):
        return
    with step("Build the functions and layers"):
        stack.build(layout)
    # Gone while a deployment is under way: one that was cut short must not look finished, and
    # what is on disk must stay as the last checkpoint left it.
    layout.deployed.unlink(missing_ok=True)
    with step("Deploy the template"):
        stack.deploy(layout)
        cloud.checkpoint(layout)
    layout.deployed.write_text(wanted)


def _sent(count: int) -> str:
    return f"{count} put into the bucket" if count else "there already"


def _await_health(layout: Layout, outputs: Outputs) -> None:
    deadline = time.monotonic() + _ANSWER_S
    while True:
        try:
            httpx.get(f"{outputs.api_url}/api/health", timeout=30).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > deadline or not cloud.well(layout):
                raise
            time.sleep(0.5)
        else:
            return


def _in_words(layout: Layout, error: BaseException) -> str:
    """What a failed request means: the cloud has ended, or a function has failed."""
    if not isinstance(error, (httpx.HTTPError, BotoCoreError, ClientError)):
        return ""
    if not cloud.well(layout):
        return f"The laptop cloud ended meanwhile (log: {layout.log('cloud')})."
    since = datetime.now(UTC) - timedelta(minutes=5)
    return f"A request failed: {error}\n{function_logs.last_error(layout, since)}"
