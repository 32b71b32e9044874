"""pylint, by its own command line, inside this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import ModuleType

from ..root import OpenedTool, Tool
from .captured import Captured
from .format_reports import configuration_error
from .installed import load_tool, opened
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
_DOCUMENTATION = 'https://pylint.readthedocs.io/en/stable/user_guide/messages'


class PylintTool(Tool):
    name = 'pylint'

    def open(self, spec: dict) -> OpenedTool:
        load_tool('pylint')
        runner = load_tool('pylint.lint', 'pylint')
        astroid = load_tool('astroid')

        def lint(raw: object) -> dict:
            try:
                return _lint(runner, parse_lint_request(raw))
            finally:
                # What it knows of other modules of the project may have changed by the next time.
                astroid.MANAGER.clear_cache()

        return opened(self.name, {'lint': lint})


def _lint(runner: ModuleType, request: FileRequest) -> dict:
    text, path = request
    with Captured(text) as streams:
        try:
            runner.Run(['--output-format=json', '--from-stdin', path], exit=False)
        except SystemExit:
            pass  # a wrong configuration ends it
    try:
        messages = json.loads(streams.out)
    except ValueError:
        return configuration_error(streams.err.strip() or 'pylint said nothing')
    return linted(_problems(messages, Lines(text)))


def _problems(messages: list[dict], lines: Lines) -> Iterator[dict]:
    for message in messages:
        kind = message['type']
        end_line, end_column = message.get('endLine'), message.get('endColumn')
        yield problem(
            lines.from_bytes(message['line'], message['column']),
            lines.from_bytes(end_line, end_column) if end_line and end_column else None,
            _SEVERITIES.get(kind, 'warning'),
            message['message'],
            message['symbol'],
            f'{_DOCUMENTATION}/{kind}/{message["symbol"]}.html',
        )
