"""How a proxy is told from everything else."""

from __future__ import annotations


class Handle:
    """The base of all proxies, and nothing else's."""

    __slots__ = ('_handle', '__weakref__')
    _handle: object


def handle_of(value: object) -> object:
    """The remote object, or the call, behind a proxy; None behind everything else."""
    if not issubclass(type(value), Handle):
        return None
    return object.__getattribute__(value, '_handle')
