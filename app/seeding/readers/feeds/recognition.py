"""Recognition: tell feeds and items of agencies in JSON from other JSON, without loading what reads them."""

from typing import Any

NINJS_KEYS = {"bodies", "bodyhtml", "bodyxhtml", "bodytext", "headlines", "versioncreated", "pubstatus", "$standard"}
"""Keys, folded, of which a ninjs item has one beside its `uri`."""
OWN_KEYS = {"paragraphs", "mentions", "text", "content"}


def is_json_feed(value: Any) -> bool:
    """Tell whether a JSON value is a feed."""
    return isinstance(value, dict) and str(value.get("version")).startswith("https://jsonfeed.org/version/")


def is_ninjs(value: Any) -> bool:
    """Tell whether a JSON value is a ninjs item."""
    if not isinstance(value, dict) or "uri" not in value or not OWN_KEYS.isdisjoint(value):
        return False
    return not NINJS_KEYS.isdisjoint(map(fold_ninjs_key, value))


def fold_ninjs_key(key: str) -> str:
    """Return a key as all versions have it: 1 and 2 write `versioncreated` and `body_html`, 3 `versionCreated`."""
    return key.replace("_", "").lower()
