"""Standard output and error, which belong to tools."""

from __future__ import annotations

import io
import os
import sys
import threading

_FLUSH_WITHIN_S = 1.0


def speak_utf8() -> None:
    """Whatever the machine's own encoding is, the host reads UTF-8. No variable of the environment
    says so, because programs that a tool starts would get it too."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding='utf-8', errors='backslashreplace')


def warn(message: str) -> None:
    """A line to standard error, whatever a tool has put into its place."""
    try:
        os.write(2, f'Warning: {message}\n'.encode(errors='backslashreplace'))
    except OSError:  # the tool has closed it
        pass


def leave(code: int, message: str | None = None) -> None:
    """Ends the process, whatever threads and exit handlers a tool has left. What it has printed is
    still written, if that does not take long."""
    flushing = threading.Thread(target=_flush, daemon=True)
    try:
        flushing.start()
        flushing.join(_FLUSH_WITHIN_S)
        if message is not None:
            os.write(2, f'Error: {message}\n'.encode(errors='backslashreplace'))
    finally:
        os._exit(code)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # closed, or not a stream at all: nothing more can be done for it
            pass
