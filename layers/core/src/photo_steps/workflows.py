"""A workflow: a list of named steps, from pixels to pixels, each with typed parameters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ValidationError

# No fractions: a row of DynamoDB gives numbers back as Decimal, and whole ones become int again.
type Value = int | bool | str | list[Value] | dict[str, Value] | None


class Parameters(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """What one kind of step can be told. Every subclass is a kind: `class Crop(..., step="crop")`.

    Numbers may be text, as rows had them before parameters were typed.
    """

    step: ClassVar[str]
    kinds: ClassVar[dict[str, type["Parameters"]]] = {}

    def __init_subclass__(cls, *, step: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if step in Parameters.kinds:
            raise TypeError(f"there is a step {step} already")
        cls.step = step
        Parameters.kinds[step] = cls


class Step(BaseModel, frozen=True, defer_build=True):
    """One operation by its name, with its parameters as a row or a request holds them."""

    name: str
    params: Mapping[str, Value] = {}

    @classmethod
    def of(cls, parameters: Parameters) -> Self:
        """The step that does what `parameters` say."""
        return cls(name=parameters.step, params=parameters.model_dump(mode="json"))

    def read[P: Parameters](self, kind: type[P]) -> P:
        """The parameters, typed; `ValidationError` where they are not of that kind."""
        return kind.model_validate(dict(self.params))


type Workflow = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class StepError:
    """What is wrong with a workflow at `field`, as in `workflow.1.margin`."""

    field: str
    message: str


class InvalidWorkflow(ValueError):
    """A workflow that cannot be run; `errors` has everything that is wrong with it."""

    def __init__(self, errors: Iterable[StepError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in self.errors))


def check(workflow: Workflow) -> None:
    """Refuse with `InvalidWorkflow` what has an unknown step or field, or a wrong value."""
    errors = [error for place, step in enumerate(workflow) for error in _wrong(place, step)]
    if errors:
        raise InvalidWorkflow(errors)


def _wrong(place: int, step: Step) -> list[StepError]:
    kind = Parameters.kinds.get(step.name)
    if kind is None:
        known = ", ".join(sorted(Parameters.kinds))
        return [StepError(f"workflow.{place}.name", f"There is no such step; there are: {known}.")]
    try:
        step.read(kind)
    except ValidationError as invalid:
        return [
            StepError(".".join(map(str, ("workflow", place, *found["loc"]))), found["msg"])
            for found in invalid.errors(include_url=False)
        ]
    return []
