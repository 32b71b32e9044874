"""pylint, by its own command line, inside this process."""

from __future__ import annotations

import gc
import importlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from ..root import OpenedTool, Tool
from .captured import Captured
from .format_reports import configuration_error, split_mark
from .installed import forget, load_tool, opened
from .lint_reports import Lines, linted, problem
from .requests import FileRequest, parse_lint_request

_SEVERITIES = {
    'fatal': 'error',
    'error': 'error',
    'warning': 'warning',
    'refactor': 'information',
    'convention': 'information',
    'information': 'information',
}
# These checkers read tokens or lines and count characters; the others have the syntax tree's bytes.
_COUNTED_IN_CHARACTERS = frozenset(
    {
        'anomalous-backslash-in-string',
        'anomalous-unicode-escape-in-string',
        'fixme',
        'trailing-whitespace',
    }
)
# Before them it complains of a configuration that it cannot read, and goes on.
_JSON = re.compile(r'^\[\s*[\]{].*', re.DOTALL | re.MULTILINE)
_DOCUMENTATION = 'https://pylint.readthedocs.io/en/stable/user_guide/messages'


class PylintTool(Tool):
    name = 'pylint'

    def open(self, spec: dict) -> OpenedTool:
        load_tool(spec, 'pylint')
        runner = load_tool(spec, 'pylint.lint')
        astroid = load_tool(spec, 'astroid')
        utilities = load_tool(spec, 'pylint.checkers.utils')
        messages = load_tool(spec, 'pylint.message').MessageDefinitionStore

        def lint(raw: object) -> dict:
            request = parse_lint_request(raw)
            with _collected_once():
                try:
                    return _lint(runner, request)
                finally:
                    # What it knows of other modules of the project may have changed by the next time.
                    astroid.MANAGER.clear_cache()
                    # Older versions keep which modules they have not found.
                    getattr(astroid.MANAGER, '_mod_file_cache', {}).clear()
                    importlib.invalidate_caches()
                    # What its functions remember would hold the modules and messages of every lint.
                    forget(*vars(utilities).values(), *vars(messages).values())

        return opened(self.name, {'lint': lint})


@contextmanager
def _collected_once() -> Iterator[None]:
    """The trees are garbage when all is done, and hardly any before that: looking for some again and
    again takes nearly half of a lint (measured on 1,400 lines: 4.8 seconds, 2.7 with this)."""
    try:
        gc.disable()
        yield
    finally:
        gc.enable()
        gc.collect()


def _lint(runner: ModuleType, request: FileRequest) -> dict:
    text, path = request
    with Captured(split_mark(text)[1]) as streams:
        try:
            runner.Run(['--output-format=json', '--from-stdin', path], exit=False)
        except SystemExit:
            pass  # a wrong configuration ends it
    printed = _JSON.search(streams.out)
    try:
        messages = json.loads(printed[0] if printed else '')
    except ValueError:
        told = streams.err.strip() or streams.out.strip()
        return configuration_error(told or 'pylint said nothing')
    return linted(_problems(messages, Lines(text)))


def _problems(messages: list[dict], lines: Lines) -> Iterator[dict]:
    for message in messages:
        kind = message['type']
        end_line, end_column = message.get('endLine'), message.get('endColumn')
        yield problem(
            _start_of(message, lines),
            lines.from_bytes(end_line, end_column) if end_line and end_column else None,
            _SEVERITIES.get(kind, 'warning'),
            message['message'],
            message['symbol'],
            f'{_DOCUMENTATION}/{kind}/{message["symbol"]}.html',
        )


def _start_of(message: dict, lines: Lines) -> dict:
    line, column, symbol = message['line'], message['column'], message['symbol']
    if symbol == 'syntax-error':  # as the interpreter tells it: characters, from 1
        return lines.from_characters(line, column - 1)
    count = lines.from_characters if symbol in _COUNTED_IN_CHARACTERS else lines.from_bytes
    return count(line, column)
