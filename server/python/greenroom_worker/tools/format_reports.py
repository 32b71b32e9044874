"""What formatters say of a document."""

from __future__ import annotations

import os.path

from ..units import clip, units_of

_MESSAGE = 4_000
BYTE_ORDER_MARK = '\ufeff'
UNCHANGED = {'kind': 'unchanged'}
IGNORED = {'kind': 'ignored'}


def formatted(before: str, after: str) -> dict:
    """The one replacement that leaves the longest common beginning and end alone; it splits no
    CR LF. Offsets are UTF-16."""
    if before == after:
        return UNCHANGED
    start = len(os.path.commonprefix((before, after)))
    if _splits_line_end(before, start) or _splits_line_end(after, start):
        start -= 1
    tail = _common_tail(before, after, start)
    if _splits_line_end(before, len(before) - tail) or _splits_line_end(after, len(after) - tail):
        tail -= 1
    end = len(before) - tail
    first = units_of(before[:start])
    return {
        'kind': 'formatted',
        'edit': {
            'start': first,
            'end': first + units_of(before[start:end]),
            'text': after[start : len(after) - tail],
        },
    }


def split_mark(text: str) -> tuple[str, str]:
    """The byte order mark, if there is one, and the text: command lines decode it away."""
    body = text.removeprefix(BYTE_ORDER_MARK)
    return text[: len(text) - len(body)], body


def syntax_error(message: str, line: int | None = None, column: int | None = None) -> dict:
    """`line` and `column` count from 1."""
    report: dict = {'kind': 'syntaxError', 'message': clip(message, _MESSAGE)}
    if line is not None:
        report['line'] = line
    if column is not None:
        report['column'] = column
    return report


def configuration_error(message: str, file: str | None = None) -> dict:
    report = {'kind': 'configurationError', 'message': clip(message, _MESSAGE)}
    if file is not None:
        report['file'] = clip(file, _MESSAGE)
    return report


def _common_tail(before: str, after: str, start: int) -> int:
    longest = min(len(before), len(after)) - start
    tail = 0
    # Whole pieces first: comparing texts is much faster than comparing characters.
    for size in (65_536, 1_024, 32, 1):
        while tail + size <= longest and _piece(before, tail, size) == _piece(after, tail, size):
            tail += size
    return tail


def _piece(text: str, tail: int, size: int) -> str:
    end = len(text) - tail
    return text[end - size : end]


def _splits_line_end(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1] == '\r' and text[at] == '\n'
