"""Runs what an `async def` has returned."""

from __future__ import annotations


def result_of(value: object) -> object:
    """The value itself, or what awaiting it brings."""
    if not hasattr(type(value), '__await__'):
        return value
    import asyncio  # takes longer than all the rest to load, and few tools need it

    async def whole() -> object:
        return await value  # type: ignore[misc]

    # A tool that waits for the host may be in the middle of a loop of its own while another call of
    # the host is served; asyncio allows one loop inside another only if it does not know.
    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return asyncio.run(whole())
    finally:
        asyncio._set_running_loop(outer)
