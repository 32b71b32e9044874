"""The worker as a command: a line of JSON-RPC on standard input, an answer on standard output."""

from __future__ import annotations

import inspect
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence

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
    try:
        with requests, answers:
            for line in iter(lambda: _read_line(requests), b''):
                answer = _answer(rpc, line)
                if answer is not None:
                    answers.write(answer.encode() + b'\n')
                    answers.flush()
    except BrokenPipeError:
        return 1  # nobody reads the answers
    return 0


def _read_line(requests: BinaryIO) -> bytes:
    """The next line; of one that is too long, so much that this shows, and nothing of its rest."""
    line = rest = requests.readline(MAX_FRAME_BYTES + 1)
    while len(rest) > MAX_FRAME_BYTES and not rest.endswith(b'\n'):
        rest = requests.readline(MAX_FRAME_BYTES + 1)
    return line


def _answer(rpc: JsonRpc, line: bytes) -> str | None:
    if len(line) > MAX_FRAME_BYTES:
        return rpc.refuse(f'a line has at most {MAX_FRAME_BYTES} bytes')
    return rpc.answer(line) if line.strip() else None


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
        if name not in own:
            known = ', '.join([*own, *(f'{tool}.<method>' for tool in self._tools)])
            raise RpcError(METHOD_NOT_FOUND, f"there is no method '{name}'; there are {known}")
        return own[name]

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
        told = named(params, {}, {'spec': dict, 'args': list})
        spec = _parse_spec({**_default_spec(), **told.get('spec', {}), 'name': tool})
        key = json.dumps(spec, sort_keys=True)
        if key not in self._opened:
            self._opened[key] = find_tool(list(self._tools.values()), spec)
        methods = self._opened[key].methods
        if method not in methods:
            known = ', '.join(methods)
            message = f"the tool '{tool}' has no method '{method}'; it has {known}"
            raise RpcError(METHOD_NOT_FOUND, message)
        args = told.get('args', [])
        _check_args(f'{tool}.{method}', methods[method], args)
        return result_of(methods[method](*args))


def _default_spec() -> dict:
    """The tool that this interpreter has, for the folder that this runs in."""
    return {
        'directory': sys.executable,
        'origin': 'project',
        'root': os.getcwd(),
        'ignoreRoots': [],
        'trusted': True,
    }


def _check_args(name: str, method: Callable[..., object], args: list) -> None:
    wanted = len(inspect.signature(method).parameters)
    if len(args) != wanted:
        raise RpcError(INVALID_PARAMS, f'{name} takes {wanted} in args, not {len(args)}')


def _parse_spec(raw: dict) -> dict:
    try:
        return parse_tool_spec(raw)
    except ValueError as error:
        raise RpcError(INVALID_PARAMS, str(error)) from None
