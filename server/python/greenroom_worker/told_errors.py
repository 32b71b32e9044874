"""How an exception is told to the other side, and what that side tells of its own."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Callable

from .errors import violation
from .limits import (
    ERROR_MESSAGE_LENGTH,
    ERROR_NAME_LENGTH,
    ERROR_STACK_LENGTH,
    MAX_CAUSES,
)
from .plain_data import own_properties
from .units import clip
from .values.types import ErrorValue, undefined
from .wire import MAX_SAFE_INTEGER

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def to_wire(error: BaseException, depth: int = 0) -> dict:
    """What the other side is told of an exception. Never raises, whatever the exception does."""
    told: dict = {'name': name_of(error), 'message': message_of(error)}
    for field, find in (('code', code_of), ('stack', stack_of), ('own', own_of)):
        found = _try(find, error)
        if found is not None:
            told[field] = found
    cause = _try(lambda error: error.__cause__, error)
    if isinstance(cause, BaseException) and depth < MAX_CAUSES:
        told['cause'] = to_wire(cause, depth + 1)
    return told


def _try(find: Callable[[BaseException], object], error: BaseException) -> object:
    try:
        return find(error)
    except BaseException:  # an exception that cannot even be looked at; the rest is told
        return None


def name_of(error: BaseException) -> str:
    try:
        name = getattr(error, 'remote_name', None) or type(error).__name__
        return clip(str(name), ERROR_NAME_LENGTH)
    except BaseException:
        return 'Exception'


def message_of(error: BaseException) -> str:
    """Its text; one that raises when it is asked for its text has none."""
    try:
        return clip(str.__str__(str(error)), ERROR_MESSAGE_LENGTH)
    except BaseException:
        return 'an exception that cannot be described'


def code_of(error: BaseException) -> str | int | float | None:
    code = getattr(error, 'code', None)
    if isinstance(code, str):
        return clip(str.__str__(code), ERROR_NAME_LENGTH)
    if isinstance(code, float) and math.isfinite(code):
        return float.__float__(code)
    if isinstance(code, int) and not isinstance(code, bool) and abs(code) <= MAX_SAFE_INTEGER:
        return int.__int__(code)
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return errno.errorcode.get(error.errno)
    return None


def own_of(error: BaseException) -> dict | None:
    """Its other properties, as far as they are plain data, if it has any."""
    if isinstance(error, ErrorValue):
        own = error.fields.get('own')
        return own_properties(own) or None if isinstance(own, dict) else None
    fields = {name: value for name, value in vars(error).items() if name not in _OF_REMOTE_ERRORS}
    if isinstance(error, OSError):
        fields = {'errno': error.errno, 'path': error.filename, **fields}
        fields = {name: value for name, value in fields.items() if value is not None}
    return own_properties({n: v for n, v in fields.items() if not n.startswith('_')}) or None


_OF_REMOTE_ERRORS = frozenset({'remote_name', 'remote_stack', 'failed_call', 'code'})


def stack_of(error: BaseException) -> str | None:
    """Its traceback as Python prints it, without the frames of the worker that lead to the tool."""
    import traceback  # needed only when something fails

    place = error.__traceback__
    while place is not None and place.tb_frame.f_code.co_filename.startswith(_PACKAGE):
        place = place.tb_next
    if place is None:
        return None
    lines = traceback.format_exception(type(error), error, place, chain=error.__cause__ is None)
    return clip_middle(''.join(lines).rstrip('\n'), ERROR_STACK_LENGTH)


def clip_middle(text: str, length: int) -> str:
    """The end of a traceback says where it happened; the beginning, how it came there."""
    if len(text) <= length:
        return text
    half = length // 2 - 10
    return f'{text[:half]}\n  …\n{text[-half:]}'


def parse_wire_error(raw: object, depth: int = 0) -> dict:
    """Raises `protocol.violation`; texts that are too long are cut."""
    if not isinstance(raw, dict):
        raise violation('an error is not an object')
    if depth > MAX_CAUSES:
        raise violation('an error has too many causes')
    told: dict = {
        'name': _field(raw.get('name'), ERROR_NAME_LENGTH),
        'message': _field(raw.get('message'), ERROR_MESSAGE_LENGTH),
    }
    for name, length in (
        ('code', ERROR_NAME_LENGTH),
        ('stack', ERROR_STACK_LENGTH),
        ('failedCall', ERROR_NAME_LENGTH),
    ):
        value = raw.get(name, undefined)
        if value is not undefined:
            is_number = name == 'code' and type(value) in (int, float) and math.isfinite(value)
            told[name] = value if is_number else _field(value, length)
    if raw.get('cause', undefined) is not undefined:
        told['cause'] = parse_wire_error(raw['cause'], depth + 1)
    own = raw.get('own', undefined)
    if own is not undefined:
        if not isinstance(own, dict):
            raise violation('the properties of an error are not an object')
        told['own'] = own_properties(own)
    return told


def _field(value: object, length: int) -> str:
    if not isinstance(value, str):
        raise violation('a field of an error is not a text')
    return clip(value, length)
