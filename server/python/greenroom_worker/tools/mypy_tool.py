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
_OF_TYPES = re.compile(r'type (?:comment|annotation|ignore)|"type: ignore"')
_SEVERITIES = {'error': 'error', 'warning': 'warning', 'note': 'information'}
_DOCUMENTATION = 'https://mypy.readthedocs.io/en/stable/_refs.html#code-'


class MypyTool(Tool):
    name = 'mypy'

    def open(self, spec: dict) -> OpenedTool:
        load_tool(spec, 'mypy')
        daemon = load_tool(spec, 'mypy.dmypy_server')
        sources = load_tool(spec, 'mypy.find_sources')
        checker = _Checker(daemon, sources.create_source_list)

        def lint(raw: object) -> dict:
            return checker.lint(parse_lint_request(raw))

        return opened(self.name, {'lint': lint})


class _Checker:
    """Looks at files as they are on disk: others import them, and must see the same."""

    def __init__(self, daemon: Any, sources: Any) -> None:
        self._daemon = daemon
        self._sources = sources
        self._server: Any = None
        self._files: list[str] = []

    def lint(self, request: FileRequest) -> dict:
        text, path = request
        with Captured('') as streams:
            try:
                if self._server is None:
                    self._start()
                answer = self._check(path)
            except SystemExit as end:
                self._server = None
                told = streams.err.strip() or (end.code if isinstance(end.code, str) else '')
                return configuration_error(told or 'mypy cannot be configured')
            except BaseException:
                self._server = None  # it would go on from where it broke
                raise
        if 'error' in answer:
            return configuration_error(str(answer['error']))
        found = list(_problems(answer['out'], path, Lines(text)))
        if answer.get('status') == 2 and not found:
            # It could not go on: its configuration is wrong, or a file that this one imports.
            return configuration_error((answer['err'] or answer['out']).strip())
        return linted(found)

    def _part_namesakes(self, path: str) -> None:
        """mypy refuses two modules of one name: a namesake goes, with all that is known."""
        name = self._module_of(path)
        others = [file for file in self._files if file != path and self._module_of(file) == name]
        if others:
            self._files = [file for file in self._files if file not in others]
            self._start()

    def _module_of(self, path: str) -> str | None:
        try:
            return self._sources([path], self._server.options)[0].module
        except Exception:  # it has no name, which the check tells
            return path

    def _start(self) -> None:
        try:
            options = self._daemon.process_start_options(_FLAGS, allow_sources=False)
        except SystemExit as end:
            if 'follow-imports' not in str(end.code):
                raise
            # The daemon knows no `silent`; of files that were not asked for nothing shows anyway.
            options = self._daemon.process_start_options(
                [*_FLAGS, '--follow-imports=normal'], allow_sources=False
            )
        self._server = self._daemon.Server(options, status_file=os.devnull)

    def _check(self, path: str) -> dict:
        # All that was looked at once stays in view, so that a change of one file shows in another.
        if path not in self._files:
            self._files.append(path)
        self._files = [file for file in self._files if os.path.exists(file)] or [path]
        self._part_namesakes(path)
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
        is_of_interpreter = found['rule'] == 'syntax' and not _OF_TYPES.search(found['message'])
        end = None
        if found['end_line'] and not is_of_interpreter:
            end = lines.from_bytes(int(found['end_line']), int(found['end_column']))
        yield problem(
            # The interpreter counts characters from 1, and mypy adds one.
            lines.from_characters(line, column - 1)
            if is_of_interpreter
            else lines.from_bytes(line, column),
            end,
            _SEVERITIES[found['severity']],
            found['message'],
            found['rule'],
            _DOCUMENTATION + found['rule'] if found['rule'] else None,
        )


def _is_same(told: str, path: str) -> bool:
    return told == path or os.path.realpath(told) == os.path.realpath(path)
