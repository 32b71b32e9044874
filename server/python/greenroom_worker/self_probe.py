"""Tries what this process should not be able to do."""

from __future__ import annotations

import errno
import json
import os
import socket
import stat
import subprocess
import sys
from typing import Callable

_PROBE_VARIABLE = 'GREENROOM_PROBE'
_REFUSALS = {errno.EPERM, errno.EACCES, errno.EROFS}
_OUT_OF_REACH = {errno.ENETUNREACH, errno.ENETDOWN}
_OWN_DESCRIPTORS = '/proc/self/fd'


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
    others = {'read': {errno.ENOENT}, 'connect': _OUT_OF_REACH}
    able = [name for name, deed in deeds.items() if not _is_refused(deed, others.get(name, set()))]
    if 'read' not in able and any(map(_is_foreign, _descriptors())):
        able.insert(0, 'read')
    return able


def _is_refused(deed: Callable[[], object], others: set[int]) -> bool:
    """Only what the system has expressly refused counts."""
    try:
        deed()
    except OSError as error:
        return error.errno in _REFUSALS | others
    except Exception:  # it took too long, for example: it was begun all the same
        return False
    return False


def _descriptors() -> list[int]:
    try:
        return [int(name) for name in os.listdir(_OWN_DESCRIPTORS)]
    except OSError:
        return []


def _is_foreign(descriptor: int) -> bool:
    """Whether something lies open that this process could not open: by a folder, every other is reached."""
    try:
        status = os.fstat(descriptor)
        place = os.readlink(f'{_OWN_DESCRIPTORS}/{descriptor}')
    except OSError:  # the listing's own, which is closed
        return False
    if stat.S_ISREG(status.st_mode):
        return not _is_readable(place, status)
    # Landlock's launcher leaves it its own entry.
    is_folder = stat.S_ISDIR(status.st_mode) and place != f'/proc/{os.getpid()}'
    return is_folder or stat.S_ISBLK(status.st_mode)


def _is_readable(place: str, status: os.stat_result) -> bool:
    """The interpreter may keep some of its own files open."""
    try:
        return os.access(place, os.R_OK) and os.path.samestat(os.stat(place), status)
    except OSError:
        return False


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
    file = os.path.join(folder, f'.greenroom-probe-{os.urandom(8).hex()}')
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    os.unlink(file)


def _connect() -> None:
    """Reachable is what answers, be it with a refusal. Nobody listens on the port for discarding."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        failure = probe.connect_ex(('127.0.0.1', 9))
        if failure in _REFUSALS | _OUT_OF_REACH:
            raise OSError(failure, os.strerror(failure))


def _spawn() -> None:
    """Whether it ends well is no matter: it was started."""
    subprocess.run(_harmless_command(), stdin=subprocess.DEVNULL, timeout=2, check=False)


def _harmless_command() -> list[str]:
    if os.name == 'nt':
        # By its whole path: the folder that it works in is searched first.
        root = os.environ.get('SystemRoot', 'C:\\Windows')
        return [os.path.join(root, 'System32', 'cmd.exe'), '/d', '/c', 'exit']
    found = [file for file in ('/bin/true', '/usr/bin/true') if os.path.exists(file)]
    return found[:1] or [sys.executable, '--version']
