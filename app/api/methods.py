"""Allowed methods: which HTTP methods the routes of a path take, for `Allow` and CORS."""

from starlette.routing import Match, Router
from starlette.types import Scope


def allowed_methods(router: Router, scope: Scope) -> list[str]:
    """Return the methods that the path of a request takes, or nothing where no route has this path.

    `HttpMiddleware` answers HEAD wherever there is GET, and OPTIONS everywhere. A mounted application is read only.
    """
    methods: set[str] = set()
    # Inside a mounted application, its own prefix is part of the root path.
    whole_path = {**scope, "root_path": scope.get("app_root_path", scope.get("root_path", ""))}
    for route in router.routes:
        if route.matches(whole_path)[0] is not Match.NONE:
            methods |= getattr(route, "methods", None) or {"GET"}
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods | {"OPTIONS"}) if methods else []
