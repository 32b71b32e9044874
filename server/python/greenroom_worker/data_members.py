"""Members that the copy of data has in JavaScript, and what it is a copy of has not in Python."""

from __future__ import annotations

from .units import units_of
from .values.byte_kinds import element_at, elements_of
from .values.collections import Map, Set
from .values.copies import error_of
from .values.types import Binary, Boxed, RegExp, undefined

_FLAGS = {
    'hasIndices': 'd',
    'global': 'g',
    'ignoreCase': 'i',
    'multiline': 'm',
    'dotAll': 's',
    'unicode': 'u',
    'unicodeSets': 'v',
    'sticky': 'y',
}


def is_index(name: str, length: int) -> bool:
    is_canonical = name.isascii() and name.isdecimal() and (name == '0' or name[0] != '0')
    return is_canonical and int(name) < length


def data_member(owner: object, name: str) -> object:
    """`undefined` for one that its copy will not have either."""
    if isinstance(owner, str):
        return _of_text(owner, name)
    if isinstance(owner, (list, tuple)):
        return len(owner) if name == 'length' else undefined
    if isinstance(owner, (set, frozenset, Set, Map)):
        return len(owner) if name == 'size' else undefined
    if isinstance(owner, dict):
        is_map = name == 'size' and not all(isinstance(key, str) for key in owner)
        return len(owner) if is_map else undefined
    if isinstance(owner, (bytes, bytearray)):
        return _of_bytes('Uint8Array', owner, name)
    if isinstance(owner, memoryview):
        return _of_bytes('Uint8Array', owner.tobytes(), name)
    if isinstance(owner, Binary):
        return _of_bytes(owner.kind, owner.data, name)
    if isinstance(owner, Boxed):
        return data_member(owner.value, name)
    if isinstance(owner, RegExp):
        return _of_regexp(owner, name)
    return undefined


def told_member(error: BaseException, name: str) -> object:
    """The same of an exception, which may have other attributes by these names."""
    told = error_of(error)
    if name == 'name':
        return told.remote_name
    if name in ('message', 'stack', 'cause', 'errors'):
        return told.fields.get(name, undefined)
    own = told.fields.get('own')
    return own.get(name, undefined) if isinstance(own, dict) else undefined


def _of_text(text: str, name: str) -> object:
    length = units_of(text)
    if name == 'length':
        return length
    if not is_index(name, length):
        return undefined
    if text.isascii():
        return text[int(name)]
    units = text.encode('utf-16-le', 'surrogatepass')
    return units[2 * int(name) : 2 * int(name) + 2].decode('utf-16-le', 'surrogatepass')


def _of_bytes(kind: str, data: bytes | bytearray, name: str) -> object:
    if name == 'byteLength':
        return len(data)
    if name == 'byteOffset' and kind != 'ArrayBuffer':
        return 0
    length = elements_of(kind, len(data))
    if length is None:
        return undefined
    if name == 'length':
        return length
    return element_at(kind, data, int(name)) if is_index(name, length) else undefined


def _of_regexp(pattern: RegExp, name: str) -> object:
    if name == 'lastIndex':
        return 0
    return _FLAGS[name] in pattern.flags if name in _FLAGS else undefined
