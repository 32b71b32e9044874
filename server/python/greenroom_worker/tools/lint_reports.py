"""What linters say of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..units import clip, units_of
from .format_reports import split_mark

_MOST_PROBLEMS = 5_000
_MESSAGE = 4_000
_RULE = 200
_LINE_END = re.compile(r'\r\n|\r|\n')


class Lines:
    """The lines of a document, to turn positions of tools into those of editors."""

    def __init__(self, text: str) -> None:
        # Tools do not see the mark that the first line of the editor begins with.
        mark, body = split_mark(text)
        self._shift = len(mark)
        self._lines = _LINE_END.split(body)

    def from_bytes(self, line: int, column: int) -> dict:
        """`line` counts from 1, `column` from 0, in bytes of UTF-8 as the syntax tree has them."""
        text = self._line(line)
        if text.isascii():
            return self._position(line, min(column, len(text)))
        head = text.encode('utf-8', 'surrogatepass')[: max(column, 0)]
        return self._position(line, units_of(head.decode('utf-8', 'ignore')))

    def from_characters(self, line: int, column: int) -> dict:
        """`line` counts from 1, `column` from 0, in characters."""
        return self._position(line, units_of(self._line(line)[: max(column, 0)]))

    def _line(self, line: int) -> str:
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ''

    def _position(self, line: int, column: int) -> dict:
        row = min(max(line - 1, 0), len(self._lines) - 1)
        return {'line': row, 'column': max(column, 0) + (self._shift if row == 0 else 0)}


def problem(
    start: dict,
    end: dict | None,
    severity: str,
    message: str,
    rule: str | None = None,
    rule_url: str | None = None,
) -> dict:
    """An end before the start is none."""
    if end is None or (end['line'], end['column']) < (start['line'], start['column']):
        end = start
    told = {
        'range': {'start': start, 'end': end},
        'severity': severity,
        'message': clip(message, _MESSAGE),
    }
    if rule:
        told['rule'] = clip(rule, _RULE)
    if rule_url:
        told['ruleUrl'] = rule_url
    return told


def linted(problems: Iterable[dict]) -> dict:
    found = list(problems)
    report: dict = {'kind': 'linted', 'problems': found[:_MOST_PROBLEMS]}
    if len(found) > _MOST_PROBLEMS:
        report['omitted'] = len(found) - _MOST_PROBLEMS
    return report
