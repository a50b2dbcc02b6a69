"""Descriptions of fields: the same that Pydantic would read when the classes are made, but later."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.api.docs.descriptions import describe_fields


class EagerShip(BaseModel, use_attribute_docstrings=True):
    """A ship."""

    KIND: ClassVar = "ship"
    """No field."""
    name: str
    """Name of the ship,
    in any script."""
    length: Annotated[float, Field(description="Length in metres.")]
    """Not its description."""
    flag: str | None = None


class EagerFerry(EagerShip):
    """A ferry."""

    name: str
    """Name of the ferry."""
    cars: int = 0
    """Cars that it carries."""


class LazyShip(BaseModel):
    """A ship."""

    KIND: ClassVar = "ship"
    """No field."""
    name: str
    """Name of the ship,
    in any script."""
    length: Annotated[float, Field(description="Length in metres.")]
    """Not its description."""
    flag: str | None = None


class LazyFerry(LazyShip):
    """A ferry."""

    name: str
    """Name of the ferry."""
    cars: int = 0
    """Cars that it carries."""


def describe(model: type[BaseModel]) -> dict[str, str | None]:
    return {name: field.description for name, field in model.model_fields.items()}


def test_fields_of_a_model_and_of_derived_models_get_their_docstrings() -> None:
    describe_fields(LazyShip)

    assert describe(LazyShip) == describe(EagerShip)
    assert describe(LazyFerry) == describe(EagerFerry)
    assert describe(LazyFerry)["name"] == "Name of the ferry."
