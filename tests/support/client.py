"""How tests ask for JSON, whether over a socket or without one."""

from typing import Any


class Client:
    """Has a `get` that returns an answer of httpx."""

    get: Any

    def json(self, url: str, **parameters: Any) -> Any:
        """The answer to a question that must succeed."""
        answer = self.get(url, params=parameters or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def walk(self, url: str, **parameters: Any) -> list[Any]:
        """The items of all pages, from the first to the last."""
        page = self.json(url, **parameters)
        items = page["items"]
        while page["next"]:
            page = self.json(page["next"])
            items += page["items"]
        return items
