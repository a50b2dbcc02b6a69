"""Cells of tables: return the values of other programs as JSON has them."""

from datetime import date
from typing import Any


def to_json_value(value: Any) -> Any:
    """Return a value of a cell as JSON has it: dates as text, and what JSON does not have, too."""
    if isinstance(value, list):
        return [to_json_value(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json_value(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)
