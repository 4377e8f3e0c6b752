"""python -m local [--state FOLDER] [--port PORT] up|run|serve|stop|logs."""

import signal


def start() -> None:
    """Until there is something to clean up, Ctrl-C just ends the process, without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from local.commands import main

    main()


if __name__ == "__main__":
    start()
