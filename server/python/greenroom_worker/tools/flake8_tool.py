"""flake8, by its own command line, inside this process."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from types import ModuleType

from ..root import OpenedTool, Tool
from .captured import Captured
from .format_reports import configuration_error
from .installed import forget, load_tool, opened
from .lint_reports import Lines, linted, problem
from .requests import FileRequest, parse_lint_request

_FORMAT = '--format=%(row)d:%(col)d:%(code)s:%(text)s'
# The interpreter counts from 1; flake8 adds one, but for the older ones.
_COUNTED_FROM = 2 if sys.version_info >= (3, 10) else 1
_LINE = re.compile(r'^(\d+):(\d+):([^:]*):(.*)$')


class Flake8Tool(Tool):
    name = 'flake8'

    def open(self, spec: dict) -> OpenedTool:
        load_tool(spec, 'flake8')
        command_line = load_tool(spec, 'flake8.main.cli')
        utilities = load_tool(spec, 'flake8.utils')

        def lint(raw: object) -> dict:
            request = parse_lint_request(raw)
            # As a command it reads its standard input once, and remembers what was there.
            forget(utilities.stdin_get_value, utilities.stdin_get_lines)
            return _lint(command_line, request)

        return opened(self.name, {'lint': lint})


def _lint(command_line: ModuleType, request: FileRequest) -> dict:
    text, path = request
    with Captured(text) as streams:
        try:
            command_line.main([_FORMAT, '--jobs=1', '--stdin-display-name', path, '-'])
        except SystemExit as end:  # older versions end so
            code = end.code
        else:
            code = 0
    if streams.err.strip() and not streams.out:
        return configuration_error(streams.err.strip().splitlines()[-1])
    if isinstance(code, str):
        return configuration_error(code)
    return linted(_problems(streams.out, Lines(text)))


def _problems(printed: str, lines: Lines) -> Iterator[dict]:
    for row in printed.splitlines():
        found = _LINE.match(row)
        if not found:
            continue
        line, column, code, message = found.groups()
        # pyflakes counts bytes, as the syntax tree does; the checkers of style count characters.
        at = lines.from_bytes if code.startswith('F') else lines.from_characters
        start = at(int(line), int(column) - (_COUNTED_FROM if code == 'E999' else 1))
        yield problem(start, None, _severity(code), message.strip(), code)


def _severity(code: str) -> str:
    """E9 is what cannot be run; F what is wrong with names; the rest is style."""
    return 'error' if code.startswith(('E9', 'F82')) else 'warning'
