"""Black, by its own command line, inside this process."""

from __future__ import annotations

import re
from types import ModuleType

from ..root import OpenedTool, Tool
from .captured import Captured
from .format_reports import IGNORED, configuration_error, formatted, syntax_error
from .installed import forget, formatter, load_tool
from .requests import DocumentRequest, parse_format_request

_PARSE_ERROR = re.compile(r'Cannot parse[^:]*: (\d+):(\d+): ?(.*)', re.DOTALL)
# What Black's own parser takes and Python's does not: a line that is indented for no reason.
_TREE_ERROR = re.compile(r'failed to parse source file AST: (.*?) \(<[^>]*>, line (\d+)\)')
_OTHER_VERSION = re.compile(r'The required version .*')


class BlackTool(Tool):
    name = 'black'

    def open(self, spec: dict) -> OpenedTool:
        black = load_tool(spec, 'black')
        click = load_tool(spec, 'click')
        root = spec['root']

        def format_document(raw: object) -> dict:
            return _run(black, click, root, parse_format_request(raw))

        return formatter(self.name, format_document)


def _run(black: ModuleType, click: ModuleType, root: str, request: DocumentRequest) -> dict:
    text, path = request
    # Where the project ends and what it ignores may have changed since.
    forget(*(getattr(black, name, None) for name in ('find_project_root', 'get_gitignore')))
    config = black.find_pyproject_toml((path or root,))
    arguments = ['--quiet', *(['--config', config] if config else [])]
    arguments += [*(['--stdin-filename', path] if path else []), '-']
    try:
        with Captured(text) as streams:
            code = black.main(arguments, prog_name='black', standalone_mode=False)
    except click.ClickException as error:
        return configuration_error(error.format_message(), config)
    if code:
        return _failure(streams.err, config)
    # Nothing is printed of a file that the configuration excludes by force.
    if streams.out == '' and text.strip() != '':
        return IGNORED
    return formatted(text, streams.out)


def _failure(printed: str, config: str | None) -> dict:
    required = _OTHER_VERSION.search(printed)
    if required:
        return configuration_error(required[0], config)
    refused = _TREE_ERROR.search(printed)
    if refused:
        return syntax_error(f'Cannot parse: {refused[1]}', int(refused[2]))
    found = _PARSE_ERROR.search(printed)
    if not found:
        raise RuntimeError(printed.strip() or 'black failed and said nothing')
    line, column, what = found.groups()
    return syntax_error(f'Cannot parse: {what.strip()}', int(line), int(column) + 1)
