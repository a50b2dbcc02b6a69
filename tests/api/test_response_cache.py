"""Answers are held while their revision is served, and packed for who takes them so."""

import gzip
import threading

import pytest

from app.api.middleware import caching
from app.api.middleware.response_cache import CachedResponse, CacheKey, ResponseCache, compress_response
from tests.conftest import Api, write_documents


@pytest.mark.parametrize("address", ["/articles?limit=3", "/openapi.json"])
def test_response_is_compressed_if_accepted(seeded: Api, address: str) -> None:
    plain = seeded.get(address)
    packed = seeded.get(address, headers={"Accept-Encoding": "br, gzip"})

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("takes", ["identity", "gzip;q=0", "br"])
def test_response_is_not_compressed_unless_accepted(seeded: Api, takes: str) -> None:
    answer = seeded.get("/articles?limit=3", headers={"Accept-Encoding": takes})

    assert "content-encoding" not in answer.headers


def test_small_response_is_not_compressed(seeded: Api) -> None:
    answer = seeded.get("/articles?limit=1&fields=id", headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in answer.headers


def test_large_response_is_compressed_off_the_event_loop(api: Api, tmp_path, monkeypatch) -> None:
    text = "The first paragraph is what lists show.\n\n" + " ".join(str(number) for number in range(200_000))
    api.seed(write_documents(tmp_path / "news", [{"id": "long", "title": "Long", "text": text, "source": "S" * 1_000}]))
    threads = []

    def compress(response: CachedResponse) -> CachedResponse:
        threads.append(threading.current_thread())
        return compress_response(response)

    monkeypatch.setattr(caching, "compress_response", compress)
    small = api.get("/articles", headers={"Accept-Encoding": "gzip"})
    large = api.get("/articles/long", headers={"Accept-Encoding": "gzip"})

    assert small.headers["content-encoding"] == large.headers["content-encoding"] == "gzip"
    assert [thread is threading.main_thread() for thread in threads] == [True, False]


def test_cache_of_an_older_revision_is_dropped(api: Api, tmp_path) -> None:
    api.seed(write_documents(tmp_path / "news", [{"id": "one", "title": "Old", "text": "Text."}]))
    api.json("/articles")
    api.seed(write_documents(tmp_path / "news", [{"id": "one", "title": "New", "text": "Text."}]))

    assert api.json("/articles")["items"][0]["title"] == "New"


def answer(size: int) -> CachedResponse:
    return CachedResponse(b'"tag"', [], b"x" * size)


def request(name: str) -> CacheKey:
    return CacheKey(f"/{name}", b"", gzip=False)


def test_requests_asked_once_do_not_evict_repeated_ones() -> None:
    cache = ResponseCache(1_000_000)
    cache.put(request("liked"), answer(1000))
    cache.get(request("liked"))
    for number in range(10_000):
        cache.put(request(f"new {number}"), answer(1000))

    assert cache.get(request("liked"))
    assert cache.probationary_size + cache.protected_size <= 1_000_000


def test_cache_of_size_zero_stores_nothing() -> None:
    cache = ResponseCache(0)
    cache.put(request("one"), answer(10))

    assert cache.get(request("one")) is None


def test_oldest_repeated_responses_are_evicted_when_all_are_repeated() -> None:
    cache = ResponseCache(100_000)
    for number in range(200):
        cache.put(request(f"{number}"), answer(1000))
        cache.get(request(f"{number}"))

    assert cache.get(request("199"))
    assert cache.get(request("0")) is None
    assert cache.protected_size <= 80_000


def test_decompressed_response_equals_the_uncompressed_one(seeded: Api) -> None:
    async def raw() -> bytes:
        request = seeded.client.build_request("GET", "/articles", headers={"Accept-Encoding": "gzip"})
        response = await seeded.client.send(request, stream=True)
        return b"".join([piece async for piece in response.aiter_raw()])

    unpacked = gzip.decompress(seeded.loop.run_until_complete(raw()))

    assert unpacked == seeded.get("/articles").content
