"""A network that connects only to addresses that were checked, until a deadline."""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import httpcore
import httpx

GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: Address) -> bool:
    """Whether an IP address belongs to the public internet, also inside an IPv6 wrapping."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        nat64 = int(address) >> 32 == int(ipaddress.IPv6Address("64:ff9b::")) >> 32
        if nat64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
        # Only what RFC 4291 calls global unicast: neither ``::127.0.0.1`` nor a NAT64 of one's own.
        if address not in GLOBAL_UNICAST:
            return False
    return address.is_global and not address.is_multicast


class Refused(Exception):
    """A name leads to an address that may not be connected to."""


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects only to addresses that were checked, and ends everything at the deadline."""

    def __init__(self, deadline: float, allowed: Callable[[Address], bool]) -> None:
        self._backend = httpcore.SyncBackend()
        self._deadline = deadline
        self._allowed = allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve ``host``, refuse unless every address is allowed, connect to one of these."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
        if not all(self._allowed(ipaddress.ip_address(each)) for each in addresses):
            raise Refused
        for each in addresses[:-1]:
            with suppress(httpcore.ConnectError):
                return self._connect(each, port)
        return self._connect(addresses[-1], port)

    def _connect(self, address: str, port: int) -> httpcore.NetworkStream:
        stream = self._backend.connect_tcp(address, port, left(self._deadline))
        return _Stream(stream, self._deadline)

    def connect_unix_socket(self, path: str, *_args: Any, **_kwargs: Any) -> httpcore.NetworkStream:
        """Refuse: no web address leads to a socket in the file system."""
        raise Refused


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline of the whole visit."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, left(self._deadline))
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def left(deadline: float) -> float:
    """Return the seconds until ``deadline``. Raises httpcore.ReadTimeout when it has passed."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout
    return seconds


class _Body(httpx.SyncByteStream):
    """The body of an answer, as httpx wants it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


class CheckedTransport(httpx.BaseTransport):
    """httpx over a connection pool that uses our network, which it has no public option for."""

    def __init__(self, network: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=network
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method, url, headers=request.headers.raw, content=request.read()
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()
