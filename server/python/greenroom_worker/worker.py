"""The worker as a session of an editor: frames on descriptor 3."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from .channel import Channel, adopt
from .connection import Connection
from .output import leave, speak_utf8
from .root import Tool, create_root
from .self_probe import probe_self
from .told_errors import message_of, name_of
from .wire import PROTOCOL_VERSION

_MAIN_CHANNEL = 3
_SYNC_CHANNEL = 4
"""For workers that can do nothing while they wait; this one serves the host meanwhile."""


def run_worker(tools: Sequence[Tool], root: object = None) -> None:
    """Serves the host until it says goodbye or closes the channel. Does not return. `root` is for
    hosts that want another first object."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    speak_utf8()
    _keep_from_children(_SYNC_CHANNEL)

    def end(error: BaseException | None) -> None:
        if error is not None:
            leave(1, f'the connection to the host broke: {error}')
        connection.outbox.flush()
        leave(0)

    succeeded = probe_self()
    served = create_root(tools, lambda: connection.live) if root is None else root
    connection = Connection(Channel(adopt(_MAIN_CHANNEL)), served, end)
    hello = {
        'protocol': PROTOCOL_VERSION,
        'pid': os.getpid(),
        'runtime': 'python',
        'runtimeVersion': '.'.join(map(str, sys.version_info[:3])),
        **({} if succeeded is None else {'succeeded': succeeded}),
    }
    try:
        connection.serve(hello)
    except BaseException as error:
        leave(1, f'the worker broke: {name_of(error)}: {message_of(error)}')


def _keep_from_children(descriptor: int) -> None:
    try:
        os.set_inheritable(descriptor, False)
    except OSError:  # a host that needs no such channel has opened none
        pass
