"""Black, by its own command line, inside this process."""

from __future__ import annotations

import re
from types import ModuleType

from ..root import OpenedTool, Tool
from .captured import Captured
from .format_reports import IGNORED, configuration_error, formatted, syntax_error
from .installed import load_tool, opened
from .requests import DocumentRequest, parse_format_request

_PARSE_ERROR = re.compile(r'Cannot parse[^:]*: (\d+):(\d+): ?(.*)', re.DOTALL)


class BlackTool(Tool):
    name = 'black'

    def open(self, spec: dict) -> OpenedTool:
        black = load_tool('black')
        click = load_tool('click')
        root = spec['root']

        def format_document(raw: object) -> dict:
            return _run(black, click, root, parse_format_request(raw))

        def warm(raw: object) -> None:
            format_document(raw)

        return opened(self.name, {'format': format_document, 'warm': warm})


def _run(black: ModuleType, click: ModuleType, root: str, request: DocumentRequest) -> dict:
    text, path = request
    config = black.find_pyproject_toml((path or root,))
    arguments = ['--quiet', *(['--config', config] if config else [])]
    arguments += [*(['--stdin-filename', path] if path else []), '-']
    try:
        with Captured(text) as streams:
            code = black.main(arguments, prog_name='black', standalone_mode=False)
    except click.ClickException as error:
        return configuration_error(error.format_message(), config)
    if code:
        return _failure(streams.err)
    # Nothing is printed of a file that the configuration excludes by force.
    if streams.out == '' and text.strip() != '':
        return IGNORED
    return formatted(text, streams.out)


def _failure(printed: str) -> dict:
    found = _PARSE_ERROR.search(printed)
    if not found:
        raise RuntimeError(printed.strip() or 'black failed and said nothing')
    line, column, what = found.groups()
    return syntax_error(f'Cannot parse: {what.strip()}', int(line), int(column) + 1)
