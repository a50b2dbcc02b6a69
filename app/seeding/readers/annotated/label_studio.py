"""Label Studio: read tasks, and the shorter form of them in exports named JSON-MIN."""

from collections.abc import Mapping
from typing import Any

from app.seeding.readers.annotated.tool_record import ToolRecord, read_spans


def is_task(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is a task: data, and annotations with results."""
    return isinstance(record.get("data"), dict) and any(
        isinstance(record.get(key), list) for key in ("annotations", "completions", "predictions")
    )


def read_task(task: Mapping[str, Any]) -> ToolRecord:
    """Read a task with its first annotation that was not cancelled, or else its first prediction.

    Offsets are in UTF-16, as browsers count. Relations, choices and further annotations are kept as `label_studio`.
    """
    key, text = choose_text(task["data"])
    annotations = [*(task.get("annotations") or task.get("completions") or []), *(task.get("predictions") or [])]
    chosen, *others = [item for item in annotations if is_finished(item)] or [{}]
    results = [result for result in chosen.get("result", []) if isinstance(result, dict)]
    spans = [result for result in results if is_span(result)]
    rest = {name: value for name, value in task["data"].items() if name != key}
    rest = {**{name: value for name, value in task.items() if name == "id"}, **rest}
    if unused := [result for result in results if not is_span(result)]:
        rest["label_studio"] = unused
    warnings = []
    if others:
        warnings.append(f"The task has {len(others) + 1} annotations; the first was taken.")
    values = [{"score": result.get("score"), **result["value"]} for result in spans]
    return ToolRecord(text, read_spans([name_label(value) for value in values]), rest, "utf16", warnings)


def is_finished(annotation: Any) -> bool:
    """Tell whether an annotation has results that its author wants to keep."""
    is_complete = isinstance(annotation, dict) and isinstance(annotation.get("result"), list)
    return is_complete and not annotation.get("was_cancelled") and not annotation.get("skipped")


def is_span(result: Mapping[str, Any]) -> bool:
    """Tell whether a result marks a span of plain text."""
    value = result.get("value")
    return isinstance(value, dict) and isinstance(value.get("start"), int) and "end" in value


def name_label(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of a result with its labels under `labels`, whatever the tag of the labeling interface."""
    if "labels" in value:
        return dict(value)
    lists = [item for key, item in value.items() if key.endswith("labels") and isinstance(item, list)]
    return {**value, "labels": lists[0] if lists else None}


def choose_text(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return key and text of a task's data: `text`, or else the longest string."""
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    if not texts:
        raise ValueError("The `data` of the task holds no text; expected `text`.")
    key = "text" if "text" in texts else max(texts, key=lambda key: len(texts[key]))
    return key, texts[key]


def is_task_summary(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is of the shorter form: a text, and a list of spans that have `labels`."""
    return isinstance(record.get("text"), str) and find_summary_key(record) is not None


def find_summary_key(record: Mapping[str, Any]) -> str | None:
    """Return the key of the spans, which is the name of a control tag of the labeling interface."""
    for key, value in record.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) and "labels" in item for item in value):
            return key
    return None


def read_task_summary(record: Mapping[str, Any]) -> ToolRecord:
    """Read the shorter form of a task."""
    key = find_summary_key(record) or ""
    rest = {name: value for name, value in record.items() if name not in {"text", key}}
    return ToolRecord(record["text"], read_spans(record[key]), rest, "utf16")
