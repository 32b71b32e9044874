"""The worker as a command: a line of JSON-RPC on standard input, an answer on standard output."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Sequence

from .awaiting import result_of
from .json_rpc import INVALID_PARAMS, METHOD_NOT_FOUND, JsonRpc, Method, RpcError, named
from .limits import MAX_FRAME_BYTES
from .load_module import load_export, load_module
from .members import get_method, owner_of
from .root import OpenedTool, Tool, find_tool, parse_tool_spec
from .wire import PROTOCOL_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO


def run_lines(tools: Sequence[Tool]) -> int:
    """Answers every line until there is none; what tools print goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    requests, answers = _take_standard_streams()
    rpc = JsonRpc(_Methods(tools).find)
    with requests, answers:
        for line in iter(lambda: requests.readline(MAX_FRAME_BYTES), b''):
            answer = rpc.answer(line) if line.strip() else None
            if answer is not None:
                answers.write(answer.encode() + b'\n')
                answers.flush()
    return 0


def _take_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """The streams, out of the reach of tools: those read nothing, and print to standard error."""
    requests = os.fdopen(os.dup(0), 'rb')
    answers = os.fdopen(os.dup(1), 'wb')
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    return requests, answers


class _Methods:
    """What lines can ask for: modules, and the methods of tools as `<tool>.<method>`."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._opened: dict[str, OpenedTool] = {}
        self._loaded: set[str] = set()

    def find(self, name: str) -> Method | None:
        own: dict[str, Method] = {
            'load': self._load,
            'call': self._call,
            'live': self._live,
            'version': self._version,
        }
        tool, dot, method = name.partition('.')
        if dot and tool in self._tools:
            return lambda params: self._call_tool(tool, method, params)
        return own.get(name)

    def _load(self, params: object) -> object:
        """The names of a module, or of one of its objects."""
        told = named(params, {'module': str}, {'export': str})
        loaded = load_export(told['module'], *([told['export']] if 'export' in told else []))
        self._loaded.add(told['module'])
        return {'members': [name for name in dir(loaded) if not name.startswith('_')]}

    def _call(self, params: object) -> object:
        told = named(params, {'module': str, 'function': str}, {'args': list})
        path = told['function'].split('.')
        owner = owner_of(load_module(told['module']), path)
        self._loaded.add(told['module'])
        return result_of(get_method(owner, path[-1])(*told.get('args', [])))

    def _live(self, params: object) -> object:
        named(params, {})
        return {'modules': sorted(self._loaded), 'tools': len(self._opened)}

    def _version(self, params: object) -> object:
        named(params, {})
        python = '.'.join(map(str, sys.version_info[:3]))
        return {'protocol': PROTOCOL_VERSION, 'runtime': 'python', 'runtimeVersion': python}

    def _call_tool(self, tool: str, method: str, params: object) -> object:
        told = named(params, {'spec': dict}, {'args': list})
        spec = _parse_spec({**told['spec'], 'name': tool})
        key = json.dumps(spec, sort_keys=True)
        if key not in self._opened:
            self._opened[key] = find_tool(list(self._tools.values()), spec)
        methods = self._opened[key].methods
        if method not in methods:
            raise RpcError(METHOD_NOT_FOUND, f"the tool '{tool}' has no method '{method}'")
        return result_of(methods[method](*told.get('args', [])))


def _parse_spec(raw: dict) -> dict:
    try:
        return parse_tool_spec(raw)
    except ValueError as error:
        raise RpcError(INVALID_PARAMS, str(error)) from None
