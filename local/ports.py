"""A port for a laptop cloud of one's own, beside the one that `make serve` runs."""

import socket


def free_port() -> int:
    """A port of the loopback interface that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
