"""The embedded service in a thread of its own, for programs that are run against it."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from fakes.background import running

from aligner.speech.server.app import serve
from aligner.speech.server.options import ServiceOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@contextmanager
def embedded(options: ServiceOptions | None = None) -> Iterator[str]:
    """The URL of a service that runs until the block ends."""

    @asynccontextmanager
    async def service() -> AsyncIterator[str]:
        async with serve(options or ServiceOptions(workers=1)) as found:
            yield found.url

    with running(service()) as url:
        yield url
