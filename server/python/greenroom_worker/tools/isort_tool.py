"""isort, by the functions that its own command line calls."""

from __future__ import annotations

import os.path
from pathlib import Path
from types import ModuleType

from ..root import OpenedTool, Tool
from .format_reports import IGNORED, configuration_error, formatted, split_mark
from .installed import forget, formatter, load_tool
from .requests import DocumentRequest, parse_format_request


class IsortTool(Tool):
    name = 'isort'

    def open(self, spec: dict) -> OpenedTool:
        isort = load_tool(spec, 'isort')
        load_tool(spec, 'isort.exceptions')
        settings = load_tool(spec, 'isort.settings')
        root = spec['root']

        def format_document(raw: object) -> dict:
            # As a command it looks for its configuration once, and remembers what was there.
            names = ('_find_config', '_get_config_data')
            forget(*(getattr(settings, name, None) for name in names))
            return _sort(isort, root, parse_format_request(raw))

        return formatter(self.name, format_document)


def _sort(isort: ModuleType, root: str, request: DocumentRequest) -> dict:
    text, path = request
    mark, body = split_mark(text)
    folder = os.path.dirname(path) if path else root
    try:
        config = isort.Config(settings_path=folder)
        # A file that is named is sorted, whatever its configuration skips.
        sorted_text = isort.code(
            body,
            config=config,
            file_path=Path(path) if path else None,
            disregard_skip=True,
        )
    except isort.exceptions.FileSkipped:
        return IGNORED  # a comment in it says so
    except isort.exceptions.ISortError as error:
        return configuration_error(str(error))
    return formatted(text, mark + sorted_text)
