"""Tools as the interpreter has them."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType

from ..errors import GreenroomError
from ..root import OpenedTool

PYTHON = ['python']


def load_tool(spec: dict, module: str) -> ModuleType:
    """Raises `tool.notFound` when the tool is not installed, saying for whom and how to change
    that; `tool.load` when it is and cannot be imported. The interpreter is the one that was asked
    for, which may be a script that runs another."""
    name, interpreter = spec['name'], spec['directory']
    try:
        return importlib.import_module(module)
    except Exception as cause:
        if isinstance(cause, ModuleNotFoundError) and cause.name == name:
            raise GreenroomError(
                'tool.notFound',
                f'{name} is not installed for {interpreter}; '
                f'"{interpreter} -m pip install {name}" installs it',
            ) from cause
        raise GreenroomError(
            'tool.load', f'{name} cannot be imported by {interpreter}: {cause}'
        ) from cause


def forget(*remembering: object) -> None:
    """Empties the caches of functions that have one: as a command, a tool starts without."""
    for function in remembering:
        getattr(function, 'cache_clear', lambda: None)()


def opened(name: str, methods: dict, languages: list[str] | None = None) -> OpenedTool:
    """What the host is told of a tool of this name. What its calls change of the process is put
    back after each: others run in it as well."""
    info = {'name': name, 'version': _version(name), 'origin': 'project'}
    kept = {method: _put_back(call) for method, call in methods.items()}
    return OpenedTool({'info': info, 'languageIds': languages or PYTHON}, kept)


def _put_back(call: Callable[[object], object]) -> Callable[[object], object]:
    """The folder decides where tools look for configuration, the path what they import."""
    folder = os.getcwd()

    def called(raw: object) -> object:
        path = sys.path[:]
        try:
            return call(raw)
        finally:
            sys.path[:] = path
            with suppress(OSError):  # it has gone, and what was done in it has been done all the same
                os.chdir(folder)

    return called


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
