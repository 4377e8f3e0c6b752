"""The commands around the laptop cloud, and how they end."""

import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from local import bringup, by_hand, cloud, function_logs, samples, sending
from local.layout import PORT, LaptopCloudError, Layout, Outputs
from local.processes import undisturbed
from local.steps import console, step

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The laptop cloud.",
)
_INTERRUPTED = 130


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """One wrapper at a time works on a state folder."""
    layout.state.mkdir(parents=True, exist_ok=True)
    with (layout.state / "wrapper.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise LaptopCloudError(
                f"Another command (process {lock.read() or 'unknown'}) is at work on this laptop "
                "cloud. Wait for it, or end it with Ctrl-C."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@app.callback()
def choose(
    context: typer.Context,
    state: Annotated[Path, typer.Option(help="Folder for everything it keeps")] = Layout.state,
    port: Annotated[int | None, typer.Option(help=f"Port on 127.0.0.1, else {PORT}")] = None,
) -> None:
    """Choose which laptop cloud the command is about."""
    there = cloud.running(Layout(state.resolve()))
    if there and there.port and port not in (None, there.port):
        raise LaptopCloudError(
            f"This laptop cloud runs already, on port {there.port}. Use that, or end it: make stop"
        )
    context.obj = Layout(state.resolve(), (there.port if there else 0) or port or PORT)


@app.command()
def up(context: typer.Context) -> None:
    """Start, build and deploy what is not there yet, and leave it running."""
    _up(context.obj)


def _up(layout: Layout) -> Outputs:
    with _alone(layout):
        outputs = bringup.up(layout)
    console.print(f"The API is at {outputs.api_url}\nLog-in and names: {layout.outputs}")
    return outputs


@app.command()
def serve(context: typer.Context) -> None:
    """Like `up`, and print how to call the API by hand and where the page is."""
    layout: Layout = context.obj
    outputs = _up(layout)
    lines = by_hand.curl_lines(outputs, samples.write(layout) / "coffee.png")
    console.print(f"\nLines to paste:\n\n{lines}", markup=False)
    console.print(f"The page is at {outputs.page_url}")
    console.print("It runs in the background until `make stop`.")


@app.command()
def run(
    context: typer.Context,
    photos: Annotated[Path | None, typer.Option(help="A photo or a folder of photos")] = None,
    tier: Annotated[str, typer.Option(help="Quality tier")] = "standard",
    out: Annotated[Path, typer.Option(help="Folder for the results")] = Path("out"),
    batch: Annotated[bool, typer.Option("--batch", help="As one order")] = False,
    studio: Annotated[
        bool, typer.Option("--studio", help="Into a project, and through a template")
    ] = False,
    template: Annotated[str, typer.Option(help="Of the studio")] = "marble-counter",
    platforms: Annotated[str, typer.Option(help="That the studio's pictures go to")] = "",
) -> None:
    """Send photos through the laptop cloud; one that was not running before is stopped again."""
    layout: Layout = context.obj
    photos = photos and photos.expanduser()
    if photos is not None and not photos.exists():
        raise LaptopCloudError(f"There is no {photos}")
    with _alone(layout):
        was_well = cloud.well(layout)
        try:
            outputs = bringup.up(layout)
            if studio:
                products = photos or samples.write_products(layout)
                status = sending.put_into_template(
                    outputs,
                    products,
                    template=template,
                    out=out,
                    is_batch=batch,
                    platforms=platforms,
                )
            else:
                shown = photos or samples.write(layout)
                status = sending.cut_out(outputs, shown, tier=tier, out=out, is_batch=batch)
        finally:
            if not was_well and cloud.running(layout) is not None:
                with undisturbed(), step("Stop the laptop cloud"):
                    cloud.stop(layout)
    raise typer.Exit(status)


@app.command()
def stop(context: typer.Context) -> None:
    """Stop it; what it held is there again at the next start."""
    layout: Layout = context.obj
    with _alone(layout):
        if cloud.running(layout) is None:
            console.print("The laptop cloud is not running.")
            return
        with step("Stop the laptop cloud"):
            cloud.stop(layout)


@app.command()
def logs(
    context: typer.Context,
    minutes: Annotated[int, typer.Option(help="How far back")] = 10,
) -> None:
    """Print what the functions logged lately."""
    if not cloud.well(context.obj):
        raise LaptopCloudError("The laptop cloud is not running.")
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    for line in function_logs.read(context.obj, since):
        console.print(line, markup=False)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run a command; whatever ends it, say so in words."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    try:
        code = app(standalone_mode=False) or 0
    except LaptopCloudError as error:
        console.print(f"\n{error}", style="red", markup=False)
        code = 1
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        console.print("\nInterrupted; nothing that was started is left running.")
    sys.exit(code)
