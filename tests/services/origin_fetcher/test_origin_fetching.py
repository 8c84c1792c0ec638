"""Fetching from real servers: pinning, redirects, deadlines, sizes, headers, connections."""

import asyncio
import gzip
import logging
import ssl
import traceback
import tracemalloc
import zlib

import httpcore
import pytest

from portal.services.origin_fetcher import (
    FetchPolicy,
    OriginBadStatus,
    OriginError,
    OriginFetcher,
    OriginRefused,
    OriginTimeout,
    OriginTooLarge,
    OriginUnreachable,
)

SECRET = {"x-portal-secret": "s3cret"}


def reply(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP/1.1 response; header names with ``_`` for ``-``."""
    given = {"content_length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode("latin-1") + body


def answering(data: bytes):
    """A server's answer that is always the same bytes."""

    async def answer(request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return answer


def trusting(*servers, **options) -> FetchPolicy:
    """A policy that trusts test servers, which are all on loopback."""
    origins = frozenset(server.origin for server in servers)
    return FetchPolicy(trusted_origins=origins, **options)


def by_name(port: int, **options) -> FetchPolicy:
    """A policy for a stranger called media.example that is on this machine."""
    host = frozenset({"media.example"})
    return FetchPolicy(
        plain_http_hosts=host,
        allowed_ports=frozenset({port}),
        allow_private_hosts=host,
        **options,
    )


class Resolver:
    """Answers with one list after the other, the last one for ever, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Detour(httpcore.AsyncNetworkBackend):
    """Records the address asked for and connects to this machine instead."""

    def __init__(self) -> None:
        self.contacted: list[str] = []
        self.real = httpcore.AnyIOBackend()

    async def connect_tcp(self, host, port, **options):
        self.contacted.append(host)
        return await self.real.connect_tcp("127.0.0.1", port, **options)


async def read(fetcher: OriginFetcher, url: str) -> bytes:
    async with fetcher.stream(url) as response:
        return b"".join([piece async for piece in response.aiter_bytes()])


async def test_text_is_fetched_with_its_address_after_redirects(serve) -> None:
    async def answer(request, writer) -> None:
        if request.target == "/a/old.m3u8?x=1":
            writer.write(reply(302, location="../b/new.m3u8"))
        else:
            body = "\ufeff#EXTM3U\n# é".encode()
            writer.write(reply(200, body, etag='"1"', content_type="audio/mpegurl"))

    server = await serve(answer)
    async with OriginFetcher(trusting(server)) as fetcher:
        found = await fetcher.fetch_text(f"{server.origin}/a/old.m3u8?x=1#top")
    assert found.text == "#EXTM3U\n# é"
    assert found.url == f"{server.origin}/b/new.m3u8"
    assert (found.etag, found.content_type) == ('"1"', "audio/mpegurl")
    assert server.origin not in repr(found)


# Pinning


async def test_the_connection_goes_to_the_checked_address_under_the_original_name(
    serve, tls_files
) -> None:
    server = await serve(answering(reply(200, b"#EXTM3U")), tls=True)
    trust = ssl.create_default_context(cafile=str(tls_files[0]))
    detour = Detour()
    resolver = Resolver(["93.184.216.34"])
    async with OriginFetcher(
        FetchPolicy(allowed_ports=frozenset({server.port})),
        resolve=resolver,
        ssl_context=trust,
        network=detour,
    ) as fetcher:
        await fetcher.fetch_text(f"https://media.example:{server.port}/x")
    assert detour.contacted == ["93.184.216.34"]
    assert resolver.asked == ["media.example"]
    assert server.server_names == ["media.example"]
    assert server.requests[0].headers["host"] == f"media.example:{server.port}"


async def test_a_certificate_for_another_name_or_by_nobody_is_refused(serve, tls_files) -> None:
    server = await serve(answering(reply(200, b"#EXTM3U")), tls=True)
    trust = ssl.create_default_context(cafile=str(tls_files[0]))
    ports = frozenset({server.port})
    for host, context in (("other.example", trust), ("media.example", None)):
        async with OriginFetcher(
            FetchPolicy(allowed_ports=ports),
            resolve=Resolver(["93.184.216.34"]),
            ssl_context=context,
            network=Detour(),
        ) as fetcher:
            with pytest.raises(OriginUnreachable):
                await fetcher.fetch_text(f"https://{host}:{server.port}/x")
    assert server.requests == []


async def test_a_rebinding_resolver_gains_nothing(serve) -> None:
    server = await serve(answering(reply(200, b"#EXTM3U", connection="close")))
    resolver = Resolver(["127.0.0.1"], ["169.254.169.254"])
    detour = Detour()
    async with OriginFetcher(by_name(server.port), resolve=resolver, network=detour) as fetcher:
        url = f"http://media.example:{server.port}/x"
        await fetcher.fetch_text(url)
        # Resolved once for check and connection: the second answer was never asked for.
        assert resolver.asked == ["media.example"]
        with pytest.raises(OriginRefused):
            await fetcher.fetch_text(url)
    assert detour.contacted == ["127.0.0.1"]
    assert len(server.requests) == 1


async def test_one_bad_address_among_good_ones_is_enough_to_refuse(serve, no_network) -> None:
    resolver = Resolver(["93.184.216.34", "2a00:1450::1", "127.0.0.1"])
    async with OriginFetcher(resolve=resolver, network=no_network) as fetcher:
        with pytest.raises(OriginRefused):
            await fetcher.fetch_text("https://media.example/x")
    assert no_network.contacted == []


async def test_the_next_address_is_tried(serve, unused_tcp_port) -> None:
    server = await serve(answering(reply(200, b"#EXTM3U")))
    resolver = Resolver(["127.0.0.9", "127.0.0.1"])
    async with OriginFetcher(by_name(server.port), resolve=resolver) as fetcher:
        found = await fetcher.fetch_text(f"http://media.example:{server.port}/x")
    assert found.text == "#EXTM3U"


async def test_a_name_that_does_not_resolve_reads_like_a_refused_address() -> None:
    async def nothing(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known: media.example")

    async with OriginFetcher(resolve=nothing) as fetcher:
        with pytest.raises(OriginUnreachable) as unknown:
            await fetcher.fetch_text("https://media.example/x")
    async with OriginFetcher(resolve=Resolver(["10.0.0.1"])) as fetcher:
        with pytest.raises(OriginRefused) as private:
            await fetcher.fetch_text("https://media.example/x")
    assert str(unknown.value) == str(private.value)
    assert (unknown.value.reason, private.value.reason) == ("dns", "address")


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    [
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://internal.example/",
        "http://media.example/",
        "file:///etc/passwd",
        "https://user@films.example/",
        "gopher://x/",
        "https://films.example:22/",
        "//[::1]/",
        "https://[",
    ],
)
async def test_redirects_are_judged_anew(serve, status: int, location: str, no_network) -> None:
    # Postiz CVE-2026-40168 checked the first URL only.
    server = await serve(answering(reply(status, location=location)))
    async with OriginFetcher(
        trusting(server), resolve=Resolver(["10.0.0.1"]), network=Detour()
    ) as fetcher:
        with pytest.raises(OriginRefused):
            await fetcher.fetch_text(f"{server.origin}/x")
        with pytest.raises(OriginRefused):
            async with fetcher.stream(f"{server.origin}/x"):
                pass
    assert len(server.requests) == 2


async def test_three_redirects_are_followed_and_no_more(serve) -> None:
    async def answer(request, writer) -> None:
        left = int(request.target[1:])
        writer.write(reply(302, location=f"/{left - 1}") if left else reply(200, b"there"))

    server = await serve(answer)
    async with OriginFetcher(trusting(server)) as fetcher:
        assert (await fetcher.fetch_text(f"{server.origin}/3")).text == "there"
        with pytest.raises(OriginRefused) as caught:
            await fetcher.fetch_text(f"{server.origin}/4")
    assert caught.value.reason == "redirect"


async def test_a_redirect_without_a_target_is_a_bad_status(serve) -> None:
    server = await serve(answering(reply(302)))
    async with OriginFetcher(trusting(server)) as fetcher:
        with pytest.raises(OriginBadStatus) as caught:
            await fetcher.fetch_text(f"{server.origin}/x")
    assert caught.value.origin_status == 302


# Trusted origins


async def test_the_secret_header_goes_to_its_origin_only(serve) -> None:
    other = await serve(answering(reply(200, b"other")))

    async def answer(request, writer) -> None:
        location = f"{other.origin}/y"
        writer.write(reply(302, location=location) if request.target == "/x" else reply(200, b"ok"))

    server = await serve(answer)
    policy = FetchPolicy(
        trusted_origins=frozenset({server.origin}),
        trusted_headers={server.origin: SECRET},
        plain_http_hosts=frozenset({"127.0.0.1"}),
        allowed_ports=frozenset({other.port}),
        allow_private_hosts=frozenset({"127.0.0.1"}),
    )
    async with OriginFetcher(policy) as fetcher:
        assert (await fetcher.fetch_text(f"{server.origin}/z")).text == "ok"
        found = await fetcher.fetch_text(
            f"{server.origin}/x", headers={"Authorization": "secret", "If-None-Match": '"1"'}
        )
    assert found.text == "other"
    assert all(r.headers["x-portal-secret"] == "s3cret" for r in server.requests)
    assert server.requests[1].headers["authorization"] == "secret"
    (request,) = other.requests
    assert "s3cret" not in str(request.headers)
    assert "authorization" not in request.headers
    assert request.headers["if-none-match"] == '"1"'
    assert request.headers["host"] == f"127.0.0.1:{other.port}"


async def test_a_stranger_cannot_redirect_into_a_trusted_origin(serve) -> None:
    inner = await serve(answering(reply(200, b"inner")))
    outer = await serve(answering(reply(302, location=f"{inner.origin}/x")))
    policy = FetchPolicy(
        trusted_origins=frozenset({inner.origin}),
        plain_http_hosts=frozenset({"127.0.0.1"}),
        allowed_ports=frozenset({443, outer.port, inner.port}),
        allow_private_hosts=frozenset({"127.0.0.1"}),
    )
    async with OriginFetcher(policy) as fetcher:
        with pytest.raises(OriginRefused):
            await fetcher.fetch_text(f"{outer.origin}/x")
    assert inner.requests == []
    assert not policy.may_lead(f"{outer.origin}/a.m3u8", f"{inner.origin}/a.ts")
    assert policy.may_lead(f"{inner.origin}/a.m3u8", f"{inner.origin}/a.ts")
    assert policy.may_lead(f"{inner.origin}/a.m3u8", "https://cdn.example/a.ts")
    assert not policy.may_lead(f"{inner.origin}/a.m3u8", "https://10.0.0.1/a.ts")


async def test_trust_is_for_an_exact_origin_and_folder(serve) -> None:
    server = await serve(answering(reply(200, b"ok")))
    policy = FetchPolicy(trusted_origins=frozenset({f"{server.origin}/origin/"}))
    other_port = f"http://127.0.0.1:{server.port + 1}"
    async with OriginFetcher(policy) as fetcher:
        await fetcher.fetch_text(f"{server.origin}/origin/film/main.m3u8")
        for url in (
            f"{server.origin}/admin",
            f"{server.origin}/originals/x",
            f"{server.origin}/origin/../admin",
            f"{server.origin}/origin/%2e%2e/admin",
            f"{server.origin}/origin/%252e%252e/admin",
            f"{server.origin}/origin/..%2fadmin",
            f"{server.origin}/origin/..%5cadmin",
            f"{server.origin.replace('http:', 'https:')}/origin/x",
            f"{server.origin.replace('127.0.0.1', 'localhost')}/origin/x",
            f"{server.origin.replace('127.0.0.1', '127.0.0.2')}/origin/x",
            f"{other_port}/origin/x",
        ):
            with pytest.raises(OriginRefused):
                await fetcher.fetch_text(url)
    assert len(server.requests) == 1


def test_a_policy_is_checked_when_it_is_made() -> None:
    for bad in ("127.0.0.1:3000", "ftp://h/", "http://u@h/", "http://h/?q", ""):
        with pytest.raises(ValueError, match="trusted_origins"):
            FetchPolicy(trusted_origins=frozenset({bad}))
    with pytest.raises(ValueError, match="trusted_headers"):
        FetchPolicy(trusted_headers={"http://h": SECRET})
    policy = FetchPolicy(
        trusted_origins=frozenset({"http://h"}), trusted_headers={"http://h": SECRET}
    )
    assert "s3cret" not in repr(policy)


# Sizes


async def test_texts_are_bounded_by_what_the_origin_says_and_by_what_it_sends(serve) -> None:
    sent = 0

    async def endless(request, writer) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + bytes(65536) + b"\r\n")
            await writer.drain()
            sent += 65536

    for answer in (answering(reply(200, b"x" * 1001)), endless):
        server = await serve(answer)
        async with OriginFetcher(trusting(server)) as fetcher:
            with pytest.raises(OriginTooLarge):
                await fetcher.fetch_text(f"{server.origin}/x", max_bytes=1000)
    assert sent < 64 * 1024 * 1024


async def test_exactly_as_much_as_allowed_is_fine(serve) -> None:
    server = await serve(answering(reply(200, b"x" * 1000)))
    async with OriginFetcher(trusting(server)) as fetcher:
        found = await fetcher.fetch_text(f"{server.origin}/x", max_bytes=1000)
    assert len(found.text) == 1000


def bomb(encoding: str) -> bytes:
    """64 MiB of zeros in some 64 KB."""
    wbits = {"gzip": 31, "deflate": 15, "raw deflate": -15}[encoding]
    compress = zlib.compressobj(9, zlib.DEFLATED, wbits)
    pieces = [compress.compress(bytes(1 << 20)) for _ in range(64)]
    return b"".join(pieces) + compress.flush()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate"])
async def test_a_decompression_bomb_is_stopped_while_it_unfolds(serve, encoding: str) -> None:
    data = bomb(encoding)
    assert len(data) < 100_000
    name = encoding.removeprefix("raw ")
    server = await serve(answering(reply(200, data, content_encoding=name)))
    async with OriginFetcher(trusting(server)) as fetcher:
        tracemalloc.start()
        with pytest.raises(OriginTooLarge):
            await fetcher.fetch_text(f"{server.origin}/x")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


async def test_compressed_data_that_never_becomes_anything_is_bounded_too(serve) -> None:
    async def answer(request, writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n")
        writer.write(gzip.compress(b"")[:10])
        while True:
            writer.write(b"\0\0\0\xff\xff" * 10_000)  # empty blocks (RFC 1951 3.2.4)
            await writer.drain()

    server = await serve(answer)
    async with OriginFetcher(trusting(server)) as fetcher:
        with pytest.raises(OriginTooLarge):
            await fetcher.fetch_text(f"{server.origin}/x")


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "raw deflate", "identity"])
async def test_compressed_answers_are_read(serve, encoding: str) -> None:
    text = "#EXTM3U\n" + "".join(f"#EXTINF:2,\n{n}.ts\n" for n in range(20_000))
    compress = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "deflate": zlib.compress,
        "raw deflate": lambda data: zlib.compress(data, wbits=-15),
        "identity": bytes,
    }[encoding]
    name = encoding.removeprefix("raw ")
    server = await serve(answering(reply(200, compress(text.encode()), content_encoding=name)))
    async with OriginFetcher(trusting(server)) as fetcher:
        assert (await fetcher.fetch_text(f"{server.origin}/x")).text == text
        async with fetcher.stream(f"{server.origin}/x") as response:
            body = b"".join([piece async for piece in response.aiter_bytes()])
        assert body.decode() == text
        # A length that is not that of the bytes handed on would break the viewer's download.
        assert ("content-length" in response.headers) == (encoding == "identity")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", b"x"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x"))),
        ("gzip", b"not gzip"),
        ("gzip", gzip.compress(b"x" * 1000)[:-12]),
        ("zstd", b""),
    ],
    ids=["br", "twice gzip", "not gzip", "cut off", "zstd"],
)
async def test_an_encoding_that_is_unknown_wrong_or_cut_off_is_refused(
    serve, encoding: str, body: bytes
) -> None:
    server = await serve(answering(reply(200, body, content_encoding=encoding)))
    async with OriginFetcher(trusting(server)) as fetcher:
        with pytest.raises(OriginUnreachable) as caught:
            await fetcher.fetch_text(f"{server.origin}/x")
    assert caught.value.reason == "encoding"


# Deadlines and broken answers


@pytest.mark.parametrize("drip", ["headers", "body"])
async def test_a_dripping_server_is_left_after_the_total_time(serve, drip: str) -> None:
    async def answer(request, writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        if drip == "body":
            writer.write(b"content-length: 1000\r\n\r\n")
        while True:
            writer.write(b"x" if drip == "body" else b"x-a: b\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    server = await serve(answer)
    async with OriginFetcher(trusting(server, total_s=0.4, idle_s=0.2)) as fetcher:
        with pytest.raises(OriginTimeout):
            async with asyncio.timeout(10):
                await fetcher.fetch_text(f"{server.origin}/x")


async def test_a_silent_stream_is_left_but_a_slow_one_is_not(serve) -> None:
    async def answer(request, writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n")
        for _ in range(11):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.1)
        if request.target == "/silent":
            await asyncio.sleep(60)
        writer.write(b"x")

    server = await serve(answer)
    async with OriginFetcher(trusting(server, total_s=0.5, idle_s=0.5)) as fetcher:
        for path, expected in (("/slow", None), ("/silent", OriginTimeout)):
            body = b""
            error = None
            try:
                async with fetcher.stream(server.origin + path) as response:
                    async for piece in response.aiter_bytes():
                        body += piece
            except OriginError as caught:
                error = type(caught)
            assert error is expected
            assert len(body) == (12 if expected is None else 11)


async def test_a_server_that_swallows_connections_is_left(no_network) -> None:
    class Swallow(httpcore.AsyncNetworkBackend):
        async def connect_tcp(self, host, port, **options):
            await asyncio.sleep(options["timeout"])
            raise httpcore.ConnectTimeout

    policy = FetchPolicy(connect_s=0.1)
    resolver = Resolver(["93.184.216.34", "93.184.216.35"])
    async with OriginFetcher(policy, resolve=resolver, network=Swallow()) as fetcher:
        with pytest.raises(OriginTimeout):
            async with asyncio.timeout(5):
                await fetcher.fetch_text("https://media.example/x")


async def test_a_resolver_that_hangs_is_left() -> None:
    async def hang(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    async with OriginFetcher(FetchPolicy(connect_s=0.1), resolve=hang) as fetcher:
        with pytest.raises(OriginTimeout):
            async with asyncio.timeout(5):
                await fetcher.fetch_text("https://media.example/x")


BROKEN = {
    "cut body": b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort",
    "cut chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nshort",
    "cut headers": b"HTTP/1.1 200 OK\r\ncont",
    "no answer": b"",
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "bad length": b"HTTP/1.1 200 OK\r\ncontent-length: " + b"9" * 5000 + b"\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
    "huge header": b"HTTP/1.1 200 OK\r\nx: " + b"y" * 1_000_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_answer_is_an_unreachable_origin(serve, name: str) -> None:
    async def answer(request, writer) -> None:
        writer.write(BROKEN[name])
        await writer.drain()
        raise ConnectionError  # closes the connection

    server = await serve(answer)
    async with OriginFetcher(trusting(server)) as fetcher:
        with pytest.raises(OriginUnreachable):
            await fetcher.fetch_text(f"{server.origin}/x")
        with pytest.raises(OriginUnreachable):
            await read(fetcher, f"{server.origin}/x")


async def test_nobody_listening_is_unreachable(unused_tcp_port) -> None:
    origin = f"http://127.0.0.1:{unused_tcp_port}"
    async with OriginFetcher(FetchPolicy(trusted_origins=frozenset({origin}))) as fetcher:
        with pytest.raises(OriginUnreachable):
            await fetcher.fetch_text(f"{origin}/x")


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 403, 404, 410, 429, 500, 503])
async def test_a_status_other_than_200_is_told(serve, status: int) -> None:
    server = await serve(answering(reply(status)))
    async with OriginFetcher(trusting(server)) as fetcher:
        with pytest.raises(OriginBadStatus) as caught:
            await fetcher.fetch_text(f"{server.origin}/x")
    assert caught.value.origin_status == status
    assert caught.value.status == 502


# Streams


async def test_a_range_is_streamed_with_safe_headers_only(serve) -> None:
    async def answer(request, writer) -> None:
        data = b"0123456789"[2:5] if "range" in request.headers else b"0123456789"
        writer.write(
            reply(
                206 if "range" in request.headers else 200,
                b"" if request.method == "HEAD" else data,
                content_length=str(len(data)),
                content_range="bytes 2-4/10",
                content_type="video/mp4",
                etag='"e"',
                last_modified="Thu, 01 Jan 2026 00:00:00 GMT",
                accept_ranges="bytes",
                set_cookie="id=1",
                server="origin-7",
                x_amz_request_id="1",
                via="cache",
                location="https://origin.example/",
            )
        )

    server = await serve(answer)
    async with OriginFetcher(trusting(server)) as fetcher:
        async with fetcher.stream(f"{server.origin}/x", range_header="bytes=2-4") as response:
            assert response.status == 206
            assert b"".join([piece async for piece in response.aiter_bytes()]) == b"234"
        assert response.headers == {
            "content-length": "3",
            "content-range": "bytes 2-4/10",
            "content-type": "video/mp4",
            "etag": '"e"',
            "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
            "accept-ranges": "bytes",
        }
        async with fetcher.stream(f"{server.origin}/x", method="HEAD") as response:
            assert [piece async for piece in response.aiter_bytes()] == []
        assert server.requests[-1].method == "HEAD"
        for bad in ("bytes=0-1,5-6", "bytes=-", "items=1-2", "bytes=1-2\r\nx: y", "bytes=a-b"):
            async with fetcher.stream(f"{server.origin}/x", range_header=bad) as response:
                assert response.status == 200
    assert all(r.headers["accept-encoding"] == "identity" for r in server.requests)


async def test_statuses_that_a_player_understands_pass_and_others_do_not(serve) -> None:
    async def answer(request, writer) -> None:
        writer.write(reply(int(request.target[1:])))

    server = await serve(answer)
    async with OriginFetcher(trusting(server)) as fetcher:
        for status in (200, 206, 304, 416):
            async with fetcher.stream(f"{server.origin}/{status}") as response:
                assert response.status == status
        for status in (204, 403, 404, 500):
            with pytest.raises(OriginBadStatus):
                async with fetcher.stream(f"{server.origin}/{status}"):
                    pass


async def test_connections_are_kept_and_used_again(serve) -> None:
    server = await serve(answering(reply(200, b"x" * 200_000)))
    async with OriginFetcher(trusting(server)) as fetcher:
        for _ in range(20):
            async with fetcher.stream(f"{server.origin}/x") as response:
                assert sum([len(piece) async for piece in response.aiter_bytes()]) == 200_000
        for _ in range(3):
            await fetcher.fetch_text(f"{server.origin}/x")
    assert server.connections == 1


async def test_a_kept_connection_that_the_origin_closes_is_replaced(serve) -> None:
    answered = set()

    async def answer(request, writer) -> None:
        if request.target == "/late" and writer in answered:
            raise ConnectionError  # closes when the next request is already on its way
        answered.add(writer)
        writer.write(reply(200, b"ok"))
        await writer.drain()
        if request.target == "/early":
            raise ConnectionError  # closes without having said so

    server = await serve(answer)
    async with OriginFetcher(trusting(server)) as fetcher:
        for path in ("/early", "/early", "/late", "/late", "/late"):
            assert (await fetcher.fetch_text(server.origin + path)).text == "ok"
    assert server.connections == 5


async def test_leaving_a_stream_early_or_being_cancelled_frees_the_connection(serve) -> None:
    async def answer(request, writer) -> None:
        if request.target == "/hang":
            await asyncio.sleep(60)
        writer.write(reply(200, b"x" * 1_000_000))
        await writer.drain()

    server = await serve(answer)
    async with OriginFetcher(trusting(server), max_connections=2) as fetcher:
        for _ in range(5):
            async with fetcher.stream(f"{server.origin}/x") as response:
                async for _ in response.aiter_bytes():
                    break
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await fetcher.fetch_text(f"{server.origin}/hang")
        assert len((await fetcher.fetch_text(f"{server.origin}/x")).text) == 1_000_000


async def test_many_at_once(serve) -> None:
    server = await serve(answering(reply(200, b"x" * 100_000)))
    async with OriginFetcher(trusting(server), max_connections=10) as fetcher:
        texts = await asyncio.gather(
            *(fetcher.fetch_text(f"{server.origin}/{n}") for n in range(100))
        )
    assert {len(found.text) for found in texts} == {100_000}
    assert server.connections <= 10


async def test_a_probe_reads_the_first_bytes_only(serve) -> None:
    async def answer(request, writer) -> None:
        if request.target == "/ranges":
            writer.write(reply(206, bytes(1024), content_range="bytes 0-1023/5000"))
        elif request.target == "/whole":
            writer.write(reply(200, bytes(5_000_000), content_type="video/mp2t"))
        else:
            writer.write(reply(200, b"tiny"))

    server = await serve(answer)
    async with OriginFetcher(trusting(server)) as fetcher:
        ranges = await fetcher.probe(f"{server.origin}/ranges")
        whole = await fetcher.probe(f"{server.origin}/whole")
        tiny = await fetcher.probe(f"{server.origin}/tiny")
    assert server.requests[0].headers["range"] == "bytes=0-1023"
    assert (ranges.status, ranges.size_bytes, ranges.accepts_ranges) == (206, 5000, True)
    assert (whole.status, whole.size_bytes, whole.accepts_ranges) == (200, 5_000_000, False)
    assert (len(whole.head), whole.content_type) == (1024, "video/mp2t")
    assert (tiny.head, tiny.size_bytes) == (b"tiny", 4)


# Nothing of the origin in what people and logs see


async def test_errors_and_logs_name_neither_url_nor_host(serve, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    server = await serve(answering(reply(404)))
    cases = [
        ("https://hidden-host.example/hidden-path", Resolver(["10.1.2.3"]), None),
        ("https://hidden-host.example/hidden-path", Resolver(["93.184.216.34"]), Detour()),
        ("http://hidden-host.example/hidden-path", Resolver(["10.1.2.3"]), None),
        (f"{server.origin}/hidden-path?token=hidden", Resolver([]), None),
    ]
    for url, resolver, network in cases:
        async with OriginFetcher(trusting(server), resolve=resolver, network=network) as fetcher:
            with pytest.raises(OriginError) as caught:
                await fetcher.fetch_text(url)
        shown = f"{caught.value} {caught.value!r} {caught.value.detail}"
        shown += "".join(traceback.format_exception(caught.value, limit=0))
        for secret in ("hidden", "10.1.2.3", "93.184", str(server.port)):
            assert secret not in shown
    assert "hidden" not in caplog.text
    assert str(server.port) not in caplog.text


async def test_proxy_variables_are_not_obeyed(serve, monkeypatch) -> None:
    proxy = await serve(answering(reply(200, b"proxied")))
    server = await serve(answering(reply(200, b"direct")))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, proxy.origin)
    async with OriginFetcher(trusting(server)) as fetcher:
        assert (await fetcher.fetch_text(f"{server.origin}/x")).text == "direct"
    assert proxy.requests == []
