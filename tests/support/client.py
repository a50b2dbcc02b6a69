"""A client that reads JSON, over a socket or without one."""

from typing import Any


class Client:
    """Reads JSON by a `get` that returns a response of httpx."""

    get: Any

    def json(self, url: str, **parameters: Any) -> Any:
        """Return the JSON of a request that must succeed."""
        answer = self.get(url, params=parameters or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def walk(self, url: str, **parameters: Any) -> list[Any]:
        """Return the items of all pages, from the first to the last."""
        page = self.json(url, **parameters)
        items = page["items"]
        while page["next"]:
            page = self.json(page["next"])
            items += page["items"]
        return items
