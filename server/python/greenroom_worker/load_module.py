"""Loads the module that the host names."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from types import ModuleType

from .errors import Cancelled, GreenroomError
from .told_errors import message_of, name_of
from .values.types import undefined

_by_file: dict[str, ModuleType] = {}
_NO_OBJECTS = (type(None), type(undefined), bool, int, float, str, bytes)


def load_export(module: object, export: object = undefined) -> object:
    """A module, by the absolute path of its file or package or by its dotted name; or one of its
    objects. Raises `tool.load`, saying what is wrong."""
    loaded = load_module(module)
    if export is undefined or export is None:
        return loaded
    value = getattr(loaded, export, None) if isinstance(export, str) else None
    if isinstance(value, _NO_OBJECTS):
        raise GreenroomError('tool.load', f"{module} exports no object or function '{export}'")
    return value


def load_module(name: object) -> ModuleType:
    if not isinstance(name, str) or name == '':
        raise GreenroomError('tool.load', 'a module is loaded by its absolute path or dotted name')
    try:
        if os.path.isabs(name):
            return _load_file(_file_of(name))
        if os.sep in name:
            raise GreenroomError(
                'tool.load', f'{name} is neither an absolute path nor a dotted name'
            )
        _add_to_path(os.getcwd())
        return importlib.import_module(name)
    except (GreenroomError, Cancelled):
        raise
    except BaseException as cause:
        why = f'{name_of(cause)}: {message_of(cause)}'
        raise GreenroomError('tool.load', f'could not load {name}: {why}') from cause


def _file_of(path: str) -> str:
    file = os.path.join(path, '__init__.py') if os.path.isdir(path) else path
    if not os.path.isfile(file):
        raise GreenroomError(
            'tool.load',
            f'could not load {path}: it is not there, or not for this session: a confined one '
            'reads its project and what `confinement.readable` names',
        )
    if not file.endswith('.py'):
        raise GreenroomError('tool.load', f'could not load {path}: it is no .py file')
    return os.path.realpath(file)


def _load_file(file: str) -> ModuleType:
    """As if it had been imported by its name, so that it finds its siblings, and they find it."""
    known = _by_file.get(file)
    if known is not None:
        return known
    names, root = _place_of(file)
    _add_to_path(root)
    for length in range(1, len(names)):
        importlib.import_module('.'.join(names[:length]))
    name = '.'.join(names)
    loaded = sys.modules.get(name)
    if loaded is None:
        loaded = _execute(name, file)
    elif not _is_from(loaded, file):
        loaded = _execute(f'{name}@{len(_by_file)}', file)  # another of the same name
    _by_file[file] = loaded
    return loaded


def _place_of(file: str) -> tuple[list[str], str]:
    """The names of the packages that it is in and its own, and the folder of the first."""
    folder, base = os.path.split(file)
    names = [] if base == '__init__.py' else [base[: -len('.py')]]
    if not names:
        folder, package = os.path.split(folder)
        names = [package]
    while os.path.isfile(os.path.join(folder, '__init__.py')):
        folder, package = os.path.split(folder)
        names.insert(0, package)
    return names, folder


def _execute(name: str, file: str) -> ModuleType:
    is_package = os.path.basename(file) == '__init__.py'
    folders = [os.path.dirname(file)] if is_package else None
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=folders)
    if spec is None or spec.loader is None:
        raise ImportError(f'{file} is no module')
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return sys.modules.get(name, module)


def _is_from(module: ModuleType, file: str) -> bool:
    origin = getattr(module, '__file__', None)
    return isinstance(origin, str) and os.path.realpath(origin) == file


def _add_to_path(folder: str) -> None:
    """To the front, as for a program that Python is told to run."""
    if folder not in sys.path:
        sys.path.insert(0, folder)
