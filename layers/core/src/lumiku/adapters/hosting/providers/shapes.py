"""Parts of answers that are kept in a job's row, and so are bounded."""

from typing import Annotated

from pydantic import Field

type Id = Annotated[str, Field(min_length=1, max_length=200)]
type Link = Annotated[str, Field(min_length=1, max_length=2_000)]
