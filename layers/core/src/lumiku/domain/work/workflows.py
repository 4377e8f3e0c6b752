"""A job is one photo put through a workflow: a list of steps, from pixels to pixels."""

from pydantic import BaseModel, ConfigDict


class Step(BaseModel):
    """One operation by its registered name, with its parameters."""

    model_config = ConfigDict(frozen=True)

    name: str
    params: dict[str, str] = {}


type Workflow = tuple[Step, ...]
