"""Tools as the interpreter has them."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from collections.abc import Callable
from types import ModuleType

from ..errors import GreenroomError
from ..root import OpenedTool

PYTHON = ['python']


def load_tool(module: str, package: str | None = None) -> ModuleType:
    """Raises `tool.notFound` when it is not installed, saying for whom and how to change that;
    `tool.load` when it is and cannot be imported."""
    name = package or module.split('.')[0]
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as cause:
        if cause.name != module.split('.')[0]:
            raise _broken(name, cause) from cause
        raise GreenroomError(
            'tool.notFound',
            f'{name} is not installed for {sys.executable}; '
            f'"{sys.executable} -m pip install {name}" installs it',
        ) from cause
    except Exception as cause:
        raise _broken(name, cause) from cause


def forget(*remembering: object) -> None:
    """Empties the caches of functions that have one: as a command, a tool starts without."""
    for function in remembering:
        getattr(function, 'cache_clear', lambda: None)()


def opened(name: str, methods: dict, languages: list[str] | None = None) -> OpenedTool:
    """What the host is told of a tool of this name."""
    info = {'name': name, 'version': _version(name), 'origin': 'project'}
    return OpenedTool({'info': info, 'languageIds': languages or PYTHON}, methods)


def formatter(name: str, format_document: Callable[[object], dict]) -> OpenedTool:
    """A tool that formats; what warms it up is formatting."""

    def warm(raw: object) -> None:
        format_document(raw)

    return opened(name, {'format': format_document, 'warm': warm})


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)[:100]
    except importlib.metadata.PackageNotFoundError:
        return 'of unknown version'


def _broken(name: str, cause: BaseException) -> GreenroomError:
    return GreenroomError('tool.load', f'{name} cannot be imported by {sys.executable}: {cause}')
