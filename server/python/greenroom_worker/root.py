"""The object that the host calls first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .errors import GreenroomError
from .load_module import load_export
from .members import ServedObject
from .values.policy import by_ref, by_value, whole_by_value


class OpenedTool:
    """What a tool is, as the host is told, and the methods that it offers."""

    def __init__(self, opened: dict, methods: Mapping[str, Callable[..., object]]) -> None:
        self.opened = opened
        self.methods = methods


class Tool:
    """A tool of this worker, as the root knows it."""

    name: str

    def open(self, spec: dict) -> OpenedTool:
        raise NotImplementedError


_SPEC_FIELDS = {
    'name': str,
    'directory': str,
    'origin': str,
    'root': str,
    'ignoreRoots': list,
    'trusted': bool,
}


def create_root(tools: Sequence[Tool], live: Callable[[], dict[str, int]]) -> ServedObject:
    """Opens tools, loads modules, and hands out references."""

    def open_tool(raw: object) -> object:
        opened = find_tool(tools, raw)
        told = {
            'opened': whole_by_value(opened.opened),
            'tool': by_ref(ServedObject(opened.methods)),
        }
        return by_value(told)

    return ServedObject(
        {
            'openTool': open_tool,
            'load': lambda *names: by_ref(load_export(*names)),
            'live': lambda: by_value(live()),
        }
    )


def find_tool(tools: Sequence[Tool], raw: object) -> OpenedTool:
    """Opens a tool. Raises a `ValueError` for a specification that is none, or `tool.notFound`."""
    spec = parse_tool_spec(raw)
    for tool in tools:
        if tool.name == spec['name']:
            return tool.open(spec)
    raise GreenroomError('tool.notFound', f"this worker has no tool '{spec['name']}'")


def parse_tool_spec(raw: object) -> dict:
    if not isinstance(raw, dict) or set(raw) != set(_SPEC_FIELDS):
        raise ValueError(f'a tool is specified by {", ".join(_SPEC_FIELDS)}')
    for field, kind in _SPEC_FIELDS.items():
        if type(raw[field]) is not kind:
            raise ValueError(f"a tool's {field} is a {kind.__name__}")
    if raw['origin'] not in ('project', 'bundled'):
        raise ValueError("a tool's origin is 'project' or 'bundled'")
    if not all(isinstance(folder, str) for folder in raw['ignoreRoots']):
        raise ValueError("a tool's ignoreRoots are texts")
    return raw
