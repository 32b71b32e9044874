"""Command lines that are run inside this process."""

from __future__ import annotations

import io
import sys
from types import TracebackType


class Captured:
    """Stands where a command line reads and writes; what it has printed is text afterwards."""

    def __init__(self, text: str) -> None:
        given = io.BytesIO(text.encode('utf-8', 'surrogatepass'))
        self._printed = (_Kept(), _Kept())
        self._streams = (_text(given), *map(_text, self._printed))
        self._before = (sys.stdin, sys.stdout, sys.stderr)

    def __enter__(self) -> Captured:
        self._before = (sys.stdin, sys.stdout, sys.stderr)
        sys.stdin, sys.stdout, sys.stderr = self._streams
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        sys.stdin, sys.stdout, sys.stderr = self._before

    @property
    def out(self) -> str:
        return self._text_of(0)

    @property
    def err(self) -> str:
        return self._text_of(1)

    def _text_of(self, stream: int) -> str:
        # The command may have taken the stream from its buffer or closed it; the bytes are here.
        return self._printed[stream].getvalue().decode('utf-8', 'surrogatepass')


class _Kept(io.BytesIO):
    """Keeps what was written, also when it is closed."""

    _value = b''

    def close(self) -> None:
        if not self.closed:
            self._value = super().getvalue()
        super().close()

    def getvalue(self) -> bytes:
        return self._value if self.closed else super().getvalue()


def _text(buffer: io.BytesIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        buffer, encoding='utf-8', errors='surrogatepass', newline='', write_through=True
    )
