"""Jobs that no upload starts: their photo is stored already, as an item or another job's result."""

from typing import Protocol

from lumiku.domain.work.photos import Lane


class Lanes(Protocol):
    """The queues that workers take jobs from."""

    def start(self, lane: Lane, job_id: str) -> None:
        """Ask for the job to be worked on; asking again is harmless."""
