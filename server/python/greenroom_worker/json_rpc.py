"""JSON-RPC 2.0: what is a request, and how it is answered."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping

from .told_errors import to_wire
from .values.json_values import to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603


class RpcError(Exception):
    """A request cannot be served; `code` is one of JSON-RPC's own."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


Method = Callable[[object], object]
"""Takes the parameters as they came. Raises `RpcError`, or what a tool raises."""


class JsonRpc:
    def __init__(self, find_method: Callable[[str], Method | None]) -> None:
        self._find_method = find_method

    def answer(self, line: bytes) -> str | None:
        """The answer to one line: None where JSON-RPC wants none."""
        try:
            request = json.loads(line.decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            return _to_line(_failure(None, PARSE_ERROR, f'this is no JSON: {error}'))
        if not isinstance(request, list):
            answer = self._serve(request)
            return None if answer is None else _to_line(answer)
        if not request:
            return _to_line(_failure(None, INVALID_REQUEST, 'a batch of nothing'))
        answers = [answer for answer in map(self._serve, request) if answer is not None]
        return _to_line(answers) if answers else None

    def refuse(self, why: str) -> str:
        """The answer to a line that was not even read."""
        return _to_line(_failure(None, INVALID_REQUEST, why))

    def _serve(self, request: Any) -> dict | None:
        """The answer to one request: None to a notification, whatever becomes of it."""
        problem = _problem_of(request)
        if problem is not None:
            return _failure(_id_of(request), INVALID_REQUEST, problem)
        try:
            answer = {'result': to_json(self._result_of(request))}
        except RpcError as error:
            answer = {'error': {'code': error.code, 'message': str(error)}}
        except BaseException as error:
            told = to_wire(error)
            answer = {'error': {'code': INTERNAL_ERROR, 'message': told['message'], 'data': told}}
        if 'id' not in request:
            return None
        return {'jsonrpc': '2.0', 'id': request['id'], **answer}

    def _result_of(self, request: dict) -> object:
        method = self._find_method(request['method'])
        if method is None:
            raise RpcError(METHOD_NOT_FOUND, f"there is no method '{request['method']}'")
        return method(request.get('params', {}))


def named(params: object, wanted: Mapping[str, type], optional: Mapping[str, type] = {}) -> dict:
    """Parameters by name, of these types and no others. Raises `RpcError`."""
    if not isinstance(params, dict):
        raise RpcError(INVALID_PARAMS, 'the parameters are told by their names, in an object')
    kinds = {**wanted, **optional}
    for name, value in params.items():
        if name not in kinds:
            raise RpcError(INVALID_PARAMS, f"there is no parameter '{name}'")
        if not isinstance(value, kinds[name]):
            raise RpcError(INVALID_PARAMS, f"the parameter '{name}' is a {kinds[name].__name__}")
    for name in wanted:
        if name not in params:
            raise RpcError(INVALID_PARAMS, f"the parameter '{name}' is missing")
    return params


def _refuse_constant(name: str) -> None:
    raise ValueError(f'JSON has no {name}')


def _problem_of(request: object) -> str | None:
    if not isinstance(request, dict):
        return 'a request is an object'
    if request.get('jsonrpc') != '2.0':
        return "a request says that it is of JSON-RPC '2.0'"
    if not isinstance(request.get('method'), str):
        return 'a request names its method'
    if not isinstance(request.get('params', {}), (dict, list)):
        return 'parameters are an object or a list'
    if 'id' in request and not _is_id(request['id']):
        return 'an id is a text, a number or null'
    return None


def _is_id(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)  # JSON writes numbers that are too large for it
    return value is None or (isinstance(value, (str, int)) and not isinstance(value, bool))


def _id_of(request: object) -> object:
    number = request.get('id') if isinstance(request, dict) else None
    return number if _is_id(number) else None


def _failure(number: object, code: int, message: str) -> dict:
    return {'jsonrpc': '2.0', 'id': number, 'error': {'code': code, 'message': message}}


def _to_line(answer: object) -> str:
    # What is not ASCII is escaped: a line is one whatever reads it, half characters included.
    return json.dumps(answer, separators=(',', ':'))
