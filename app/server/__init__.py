"""The HTTP/1.1 server: a protocol for uvicorn, which frames requests, limits connections and coalesces writes."""
