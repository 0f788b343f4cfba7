"""The platform as one web application: the interface for devices and the console for people.

Upstream: ``api``, ``console``, ``store``.
Downstream: ``__main__`` (serve), tests.
"""

from __future__ import annotations

import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeAlias

import uvicorn
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sync.platform import wording
from sync.platform.api.answers import refuse_status
from sync.platform.api.connection import HEAD_BYTES, PatientConnection
from sync.platform.api.edge import API_PREFIX, HEALTH_PATH, Edge
from sync.platform.api.routes import DeviceApi, Trust
from sync.platform.console import Frame, Issuing, Reach, Setting, add_console
from sync.platform.errors import DatabaseAwayError, PlatformError
from sync.platform.passwords import Costs
from sync.platform.ports import Ports
from sync.platform.receiving import Receiver
from sync.platform.store import Database
from sync.platform.tls import Tls

YOUNG_VALUES = 20_000  # more than the values of a batch that are alive at once and can be part of a cycle
GRACE_SECONDS = 10
Application: TypeAlias = FastAPI
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Appearance:
    """How pages look, and from where they may be opened.

    Attributes:
        language: until a reader chooses.
        time_zone: IANA name.
        proxies: addresses of proxies on other machines, whose forwarding headers are believed.
        costs: of a new password.
    """

    language: str = wording.CHINESE
    time_zone: str = "Asia/Shanghai"
    reach: Reach = Reach.THIS_MACHINE
    proxies: tuple[str, ...] = ()
    costs: Costs = field(default_factory=Costs)


def build_app(
    database: Database,
    ports: Ports,
    appearance: Appearance | None = None,
    issuing: Issuing | None = None,
    trust: Trust | None = None,
) -> FastAPI:
    """Return the application over a migrated database.

    Without ``issuing`` it cannot sign certificates, without ``trust`` it enrols no device and signs no time.
    """
    look = appearance or Appearance()
    sentences = wording.refusal_sentences(look.language)
    frame = Frame(look.language, look.time_zone, look.reach, look.proxies)
    receiver = Receiver(database, ports.clock, sentences.__getitem__)
    app = FastAPI(title="文明使者 platform", docs_url=None, redoc_url=None, openapi_url=None)
    api = DeviceApi.over(database, ports, receiver, trust)
    app.add_middleware(Edge, nonces=api.nonces, ids=ports.ids)
    app.include_router(api.router())
    open_pages = add_console(app, Setting(database, ports, frame, issuing or Issuing(), look.costs))

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
        if request.url.path.startswith(API_PREFIX):
            return refuse_status(status)
        return open_pages.missing(request, status)

    async def away(request: Request, error: Exception) -> Response:
        if request.url.path.startswith(API_PREFIX) or request.url.path == HEALTH_PATH:
            raise error  # the edge logs it and answers devices
        _log.error("a page was not shown: the database is away (%s)", type(error.__cause__).__name__)
        return open_pages.away(request)

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(DatabaseAwayError, away)
    return app


class _Server(uvicorn.Server):
    """A server that says where it listens once it does, and ends well on SIGTERM and Ctrl-C."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None]) -> None:
        super().__init__(config)
        self._announce = announce

    def end(self) -> None:
        """Answer what is under way and take nothing new; from any thread."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            host, port = listener.getsockname()[:2]
            scheme = "https" if self.config.is_ssl else "http"
            self._announce(f"{scheme}://[{host}]:{port}/" if ":" in host else f"{scheme}://{host}:{port}/")

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals and, unlike the library, do not raise them again after a graceful end."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; its owner closes it.

    Args:
        host: a name or address of this machine.
        port: 0 takes a free one.

    Raises:
        PlatformError: the address is taken or not one of this machine.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise PlatformError(
            f"Cannot listen on {host} port {port}: {error}. Choose another with --host and --port."
        ) from error
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited; else each answer waits 40 ms for an ACK
    return listener


def serve_on(
    app: FastAPI,
    listener: socket.socket,
    announce: Callable[[str], None],
    tls: Tls | None = None,
    gone: Callable[[Callable[[], None]], None] | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C; requests under way are answered first.

    Args:
        app: of :func:`build_app`.
        listener: of :func:`listen`; several processes may share it.
        announce: is told the address once it answers.
        tls: None: plain HTTP.
        gone: is given what ends the server as SIGTERM does.
    """
    config = uvicorn.Config(
        app,
        http=PatientConnection,
        h11_max_incomplete_event_size=HEAD_BYTES,
        log_config=None,
        access_log=False,  # addresses of pages hold names that were searched for
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    server = _Server(config, announce)
    if gone is not None:
        gone(server.end)
    _spare_the_collector()
    server.run(sockets=[listener])


def _spare_the_collector() -> None:
    """Look for cycles less often, and never among what was loaded: a batch makes many values and few cycles.

    Without this a seventh of a worker's time went into looking (docs/adr/0024).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_VALUES, 20, 20)
