"""The notation of the test vectors: see wireNotation.ts, which says the same for TypeScript."""

from __future__ import annotations

import math

from greenroom_worker import (
    BigInt,
    Binary,
    Boxed,
    Date,
    ErrorValue,
    Map,
    RegExp,
    Set,
    gap,
    undefined,
)


class Reference:
    """Stands for an object that goes by reference, or for the result of a call."""

    def __init__(self, kind: str, number: int, is_function: bool = False) -> None:
        self.told = {kind: number}
        if kind == 'mine':
            self.told['function'] = is_function


class FromNotation:
    """Makes the value that a notation stands for."""

    def __init__(self) -> None:
        self._objects: list = []

    def make(self, told: object) -> object:
        if isinstance(told, list):
            items = self._known([])
            items.extend(self.make(item) for item in told)
            return items
        if not isinstance(told, dict):
            return told
        if 'mine' in told:
            return Reference('mine', told['mine'], told['function'])
        if 'segment' in told:
            return self._known(bytes([told['segment']]) * told['length'])
        if 'error' in told:
            return self._error(told['error'], told['fields'])
        if 'bytes' in told:
            data = bytes.fromhex(told['hex'])
            return self._known(
                data if told['bytes'] == 'Uint8Array' else Binary(told['bytes'], data)
            )
        ((kind, value),) = told.items()
        return getattr(self, f'_{kind}')(value)

    def _known(self, value: object) -> object:
        self._objects.append(value)
        return value

    def _undefined(self, _value: object) -> object:
        return undefined

    def _gap(self, _value: object) -> object:
        return gap

    def _float64(self, value: str) -> float:
        return float(value)

    def _bigint(self, value: str) -> BigInt:
        return BigInt(value)

    def _object(self, fields: list) -> dict:
        made = self._known({})
        for name, value in fields:
            made[name] = self.make(value)
        return made

    def _map(self, entries: list) -> Map:
        made = self._known(Map())
        for key, value in entries:
            made[self.make(key)] = self.make(value)
        return made

    def _set(self, items: list) -> Set:
        made = self._known(Set())
        for item in items:
            made.add(self.make(item))
        return made

    def _date(self, ms: float | None) -> Date:
        return self._known(Date(math.nan if ms is None else ms))

    def _regexp(self, parts: list) -> RegExp:
        return self._known(RegExp(*parts))

    def _error(self, name: str, fields: dict) -> ErrorValue:
        made = self._known(ErrorValue(name, {}, name == 'AggregateError'))
        for field, value in fields.items():
            made.fields[field] = self.make(value)
        return made

    def _boxed(self, value: object) -> Boxed:
        made = self._known(Boxed(None))
        made.value = self.make(value)
        return made

    def _same(self, index: int) -> object:
        return self._objects[index]

    def _yours(self, number: int) -> Reference:
        return Reference('yours', number)

    def _result(self, number: int) -> Reference:
        return Reference('result', number)


class ToNotation:
    """Writes down a value."""

    def __init__(self) -> None:
        self._seen: list = []

    def tell(self, value: object) -> object:
        if value is undefined:
            return {'undefined': True}
        if value is gap:
            return {'gap': True}
        if isinstance(value, BigInt):
            return {'bigint': str(int(value))}
        if isinstance(value, float):
            return _float(value)
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, Reference):
            return value.told
        for index, known in enumerate(self._seen):
            if known is value:
                return {'same': index}
        self._seen.append(value)
        return self._object(value)

    def _object(self, value: object) -> object:
        tell = self.tell
        if isinstance(value, list):
            return [tell(item) for item in value]
        if isinstance(value, dict):
            return {'object': [[name, tell(item)] for name, item in value.items()]}
        if isinstance(value, Map):
            return {'map': [[tell(key), tell(item)] for key, item in value.items()]}
        if isinstance(value, (set, Set)):
            # A set of Python has no order of its own.
            items = sorted(value, key=lambda item: (type(item).__name__, repr(item)))
            return {'set': [tell(item) for item in items]}
        if isinstance(value, Date):
            return {'date': None if math.isnan(value.ms) else value.ms}
        if isinstance(value, RegExp):
            return {'regexp': [value.source, value.flags]}
        if isinstance(value, ErrorValue):
            fields = {name: tell(item) for name, item in value.fields.items()}
            return {'error': value.remote_name, 'fields': fields}
        if isinstance(value, Boxed):
            return {'boxed': tell(value.value)}
        if isinstance(value, bytes):
            return {'bytes': 'Uint8Array', 'hex': value.hex()}
        assert isinstance(value, Binary)
        return {'bytes': value.kind, 'hex': value.data.hex()}


def _float(value: float) -> object:
    if math.isnan(value):
        return {'float64': 'NaN'}
    if math.isinf(value):
        return {'float64': 'Infinity' if value > 0 else '-Infinity'}
    if value == 0 and math.copysign(1, value) < 0:
        return {'float64': '-0'}
    return value
