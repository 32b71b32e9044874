"""What is written of calls that fail and whose results nobody asks for."""

from __future__ import annotations

import time

from .output import warn

_SPAN_S = 60
_MOST_IN_A_SPAN = 100


class UnseenFailures:
    """Writes a line for each; of a flood, for the first ones of a minute."""

    def __init__(self) -> None:
        self._span_started_s = -float('inf')
        self._told = 0

    def tell(self, name: str, failure: BaseException | None) -> None:
        now_s = time.monotonic()
        if now_s - self._span_started_s >= _SPAN_S:
            self._span_started_s = now_s
            self._told = 0
        self._told += 1
        if self._told <= _MOST_IN_A_SPAN:
            warn(f"'{name}' failed, and nobody has asked for its result: {failure}")
        elif self._told == _MOST_IN_A_SPAN + 1:
            warn(
                'more calls fail whose results nobody has asked for; '
                'the rest of this minute goes by without them'
            )
