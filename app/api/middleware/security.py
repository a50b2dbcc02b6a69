"""Security headers: which sources a page may load, and that browsers must not guess content types."""

import re
from base64 import b64encode
from hashlib import sha256

NO_SNIFFING = (b"x-content-type-options", b"nosniff")

INLINE = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)


def content_security_policy(page: str, **sources: str) -> str:
    """Return a policy for a page that allows its own inline styles and scripts, these sources, and nothing else.

    A source is named by its directive without `-src`: `img="'self'"` for `img-src 'self'`.
    """
    allowed = {kind: [source] for kind, source in sources.items()}
    for kind, text in INLINE.findall(page):
        digest = b64encode(sha256(text.encode()).digest()).decode()
        allowed.setdefault(kind, []).append(f"'sha256-{digest}'")
    directives = [f"{kind}-src {' '.join(values)}" for kind, values in allowed.items()]
    closed = ("default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'")
    return "; ".join([*closed, *directives])
