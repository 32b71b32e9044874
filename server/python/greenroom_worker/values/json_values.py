"""Values as JSON knows them, for the line mode."""

from __future__ import annotations

import base64
import datetime
import json
import math
from collections.abc import Mapping, Set

from ..errors import GreenroomError
from .copies import fields_of
from .types import undefined

_DEEPEST = 100


def to_json(value: object, depth: int = 0) -> object:
    """What `json` can write: bytes as Base64, moments as ISO 8601, objects as what they hold.
    Raises `value.unserializable`."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return _number_of(value)
    if value is undefined:
        return None
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        raise _no_json(f'{value} as JSON')
    if depth > _DEEPEST:
        raise _no_json('a value that is nested too deeply, or holds itself')
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_key_of(key): to_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, Set)):
        return [to_json(item, depth + 1) for item in value]
    try:
        fields = fields_of(value)
    except GreenroomError:
        raise _no_json(f'a {type(value).__name__} as JSON') from None
    return to_json(fields, depth + 1)


def _number_of(value: int) -> int:
    try:
        json.dumps(value)
    except ValueError:  # Python writes only so many digits
        raise _no_json('so large a number as JSON') from None
    return value


def _key_of(key: object) -> str:
    if isinstance(key, str):
        return key
    raise _no_json(f'a key that is a {type(key).__name__} as JSON')


def _no_json(what: str) -> GreenroomError:
    return GreenroomError('value.unserializable', f'cannot send {what}')
