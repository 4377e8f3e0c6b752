"""A job is one photo put through a workflow: a list of steps, from pixels to pixels."""

from pydantic import BaseModel, ConfigDict

from lumiku.domain.pricing import Tier


class Step(BaseModel):
    """One operation by its registered name, with its parameters."""

    model_config = ConfigDict(frozen=True)

    name: str
    params: dict[str, str] = {}


type Workflow = tuple[Step, ...]


def background_removal(tier: Tier) -> Workflow:
    """Workflow that cuts the subject out at the quality of `tier`."""
    return (Step(name="cut-out", params={"quality": tier}),)
