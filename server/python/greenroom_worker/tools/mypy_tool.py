"""mypy, by the server that its daemon runs, inside this process: what it has learnt stays."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ..root import OpenedTool, Tool
from .captured import Captured
from .format_reports import configuration_error
from .installed import load_tool, opened
from .lint_reports import Lines, linted, problem
from .requests import FileRequest, parse_lint_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FLAGS = [
    '--show-column-numbers',
    '--show-error-end',
    '--show-error-codes',
    '--no-error-summary',
    '--no-pretty',
    '--no-color-output',
    '--hide-error-context',
    '--show-absolute-path',
    f'--cache-dir={os.devnull}',  # a tool writes nothing into the project
]
_LINE = re.compile(
    r'^(?P<file>.+?):(?P<line>\d+):(?:(?P<column>\d+):)?(?:(?P<end_line>\d+):(?P<end_column>\d+):)? '
    r'(?P<severity>error|warning|note): (?P<message>.*?)(?:  \[(?P<rule>[a-z0-9-]+)\])?$'
)
_SEVERITIES = {'error': 'error', 'warning': 'warning', 'note': 'information'}
_DOCUMENTATION = 'https://mypy.readthedocs.io/en/stable/_refs.html#code-'


class MypyTool(Tool):
    name = 'mypy'

    def open(self, spec: dict) -> OpenedTool:
        load_tool('mypy')
        daemon = load_tool('mypy.dmypy_server', 'mypy')
        checker = _Checker(daemon)

        def lint(raw: object) -> dict:
            return checker.lint(parse_lint_request(raw))

        return opened(self.name, {'lint': lint})


class _Checker:
    """Looks at files as they are on disk: others import them, and must see the same."""

    def __init__(self, daemon: Any) -> None:
        self._daemon = daemon
        self._server: Any = None
        self._files: list[str] = []

    def lint(self, request: FileRequest) -> dict:
        text, path = request
        with Captured('') as streams:
            try:
                if self._server is None:
                    self._start()
                answer = self._check(path)
            except SystemExit:
                self._server = None
                return configuration_error(streams.err.strip() or 'mypy cannot be configured')
        if 'error' in answer:
            return configuration_error(str(answer['error']))
        if answer.get('status') == 2 and not _LINE.search(answer['out']):
            return configuration_error((answer['err'] or answer['out']).strip())
        return linted(_problems(answer['out'], path, Lines(text)))

    def _start(self) -> None:
        options = self._daemon.process_start_options(_FLAGS, allow_sources=False)
        self._server = self._daemon.Server(options, status_file=os.devnull)

    def _check(self, path: str) -> dict:
        # All that was looked at once stays in view, so that a change of one file shows in another.
        if path not in self._files:
            self._files.append(path)
        self._files = [file for file in self._files if os.path.exists(file)] or [path]
        answer = self._server.run_command(
            'check',
            {'files': self._files, 'export_types': False, 'is_tty': False, 'terminal_width': 80},
        )
        if 'export_types' in str(answer.get('error', '')):  # before 0.990
            answer = self._server.run_command(
                'check', {'files': self._files, 'is_tty': False, 'terminal_width': 80}
            )
        return answer


def _problems(printed: str, path: str, lines: Lines) -> Iterator[dict]:
    for row in printed.splitlines():
        found = _LINE.match(row)
        if not found or not _is_same(found['file'], path):
            continue
        line = int(found['line'])
        column = int(found['column'] or 1) - 1
        end = None
        if found['end_line']:
            end = lines.from_bytes(int(found['end_line']), int(found['end_column']))
        yield problem(
            lines.from_bytes(line, column),
            end,
            _SEVERITIES[found['severity']],
            found['message'],
            found['rule'],
            _DOCUMENTATION + found['rule'] if found['rule'] else None,
        )


def _is_same(told: str, path: str) -> bool:
    return told == path or os.path.realpath(told) == os.path.realpath(path)
