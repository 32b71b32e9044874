"""autopep8, by the functions that its own command line calls."""

from __future__ import annotations

import ast
import io
import os.path
from types import ModuleType

from ..root import OpenedTool, Tool
from .captured import Captured
from .format_reports import configuration_error, formatted, split_mark, syntax_error
from .installed import formatter, load_tool
from .requests import DocumentRequest, parse_format_request


class Autopep8Tool(Tool):
    name = 'autopep8'

    def open(self, spec: dict) -> OpenedTool:
        autopep8 = load_tool(spec, 'autopep8')
        root = spec['root']

        def format_document(raw: object) -> dict:
            return _fix(autopep8, root, parse_format_request(raw))

        return formatter(self.name, format_document)


def _fix(autopep8: ModuleType, root: str, request: DocumentRequest) -> dict:
    text, path = request
    mark, body = split_mark(text)
    error = _syntax_error(body)
    if error:
        return error  # the command line leaves such a file as it is and says nothing
    try:
        with Captured('') as streams:
            options = autopep8.parse_args(
                [path or os.path.join(root, 'untitled.py')], apply_config=True
            )
    except SystemExit:
        return configuration_error(streams.err.strip() or 'the configuration cannot be read')
    lines = io.StringIO(body, newline='').readlines()
    return formatted(text, mark + autopep8.fix_lines(lines, options, filename=path or ''))


def _syntax_error(text: str) -> dict | None:
    try:
        ast.parse(text)
    except SyntaxError as error:
        return syntax_error(f'Cannot parse: {error.msg}', error.lineno, error.offset)
    except ValueError as error:  # null bytes
        return syntax_error(f'Cannot parse: {error}')
    return None
