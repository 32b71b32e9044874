"""Tries what this process should not be able to do."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
from typing import Callable

_PROBE_VARIABLE = 'GREENROOM_PROBE'
_UNREACHABLE = {errno.EPERM, errno.EACCES, errno.ENETUNREACH, errno.ENETDOWN}


def probe_self() -> list[str] | None:
    """What succeeded; None when nothing is to be tried. Tools do not see what was asked."""
    asked = os.environ.pop(_PROBE_VARIABLE, None)
    if asked is None:
        return None
    probe = json.loads(asked)
    deeds: dict[str, Callable[[], object]] = {
        'read': lambda: _read(probe['read']),
        'write': lambda: _make_file_in(probe['write']),
        'connect': _connect,
        'spawn': _spawn,
    }
    return [name for name, deed in deeds.items() if _can(deed)]


def _can(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except OSError:
        return False
    return True


def _read(file: str) -> None:
    with open(file, 'rb') as stream:
        stream.read(1)


def _make_file_in(folder: str) -> None:
    """Where the system can, one without a name, of which nobody who watches the folder hears."""
    unnamed = getattr(os, 'O_TMPFILE', None)
    if unnamed is not None:
        try:
            os.close(os.open(folder, unnamed | os.O_WRONLY, 0o600))
            return
        except OSError as error:
            if error.errno != errno.EOPNOTSUPP:
                raise
    file = os.path.join(folder, f'.greenroom-probe-{os.getpid()}')
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    os.unlink(file)


def _connect() -> None:
    """Reachable is what answers, be it with a refusal. Nobody listens on the port for discarding."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        failure = probe.connect_ex(('127.0.0.1', 9))
        if failure in _UNREACHABLE:
            raise OSError(failure, os.strerror(failure))


def _spawn() -> None:
    program = ['cmd.exe', '/d', '/c', 'exit'] if os.name == 'nt' else ['/bin/true']
    subprocess.run(program, stdin=subprocess.DEVNULL, timeout=2, check=False)
