"""What is kept of answers in a job's row, and so is bounded."""

from typing import Annotated

from pydantic import BaseModel, Field

from lumiku.domain.hosting.tickets import Ticket

type Id = Annotated[str, Field(min_length=1, max_length=200)]
type Link = Annotated[str, Field(min_length=1, max_length=2_000)]


class Queued(BaseModel):
    """A photo that was taken, and where to ask for it."""

    request_id: Id
    status_url: Link
    response_url: Link
    cancel_url: Link | None = None

    def ticket(self, entry: str) -> Ticket:
        """The same, as the job's row has it."""
        return Ticket(
            entry=entry,
            request_id=self.request_id,
            status_url=self.status_url,
            result_url=self.response_url,
            cancel_url=self.cancel_url,
        )
