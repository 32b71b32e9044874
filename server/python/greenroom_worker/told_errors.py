"""How an exception is told to the other side, and what that side tells of its own."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Callable

from .errors import RemoteError, dependency_prefix, violation
from .limits import (
    ERROR_MESSAGE_LENGTH,
    ERROR_NAME_LENGTH,
    ERROR_STACK_LENGTH,
    MAX_CAUSES,
    MAX_ERRORS,
    MAX_ERRORS_TOGETHER,
)
from .plain_data import own_properties
from .units import clip
from .values.types import ErrorValue, undefined
from .wire import MAX_SAFE_INTEGER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def to_wire(error: BaseException) -> dict:
    """What the other side is told of an exception. Never raises, whatever the exception does."""
    return _tell(error, 0, _Room())


class _Room:
    """For errors that are told together."""

    def __init__(self) -> None:
        self.left = MAX_ERRORS_TOGETHER


def _tell(error: BaseException, depth: int, room: _Room) -> dict:
    room.left -= 1
    told: dict = {'name': name_of(error), **_words_of(error)}
    for field, find in (('code', code_of), ('stack', stack_of), ('own', own_of)):
        found = _try(find, error)
        if found is not None:
            told[field] = found
    cause = _try(lambda error: error.__cause__, error)
    if isinstance(cause, BaseException) and depth < MAX_CAUSES and room.left > 0:
        told['cause'] = _tell(cause, depth + 1, room)
    errors: list[dict] = []
    for one in _try(errors_of, error) or ():
        if depth < MAX_CAUSES and room.left > 0 and len(errors) < MAX_ERRORS:
            errors.append(_tell(one, depth + 1, room))
    if errors:
        told['errors'] = errors
        told['message'] = told['message'] or clip(
            '; '.join(one['message'] for one in errors), ERROR_MESSAGE_LENGTH
        )
    return told


def errors_of(error: BaseException) -> list[BaseException]:
    """Those for which it stands."""
    if isinstance(error, ErrorValue):
        errors = error.fields.get('errors') if error.is_aggregate else None
    else:
        errors = getattr(error, 'exceptions', None)  # of a group
    if not isinstance(errors, (list, tuple)):
        return []
    return [one for one in errors if isinstance(one, BaseException)]


def _try(find: Callable[[BaseException], Any], error: BaseException) -> Any:
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


def _words_of(error: BaseException) -> dict:
    message = message_of(error)
    failed_call = error.failed_call if isinstance(error, RemoteError) else None
    prefix = dependency_prefix(failed_call)
    if failed_call is None or not message.startswith(prefix):
        return {'message': message}
    return {'message': message[len(prefix) :], 'failedCall': failed_call}


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
    """Its traceback as Python prints it, without the frames of the worker that lead to the tool;
    of what comes from the host, first the stack that it had there."""
    import traceback  # needed only when something fails

    place = error.__traceback__
    while place is not None and place.tb_frame.f_code.co_filename.startswith(_PACKAGE):
        place = place.tb_next
    remote = error.remote_stack if isinstance(error, RemoteError) else None
    if place is None:
        return remote
    lines = traceback.format_exception(type(error), error, place, chain=error.__cause__ is None)
    if remote is not None:
        lines.insert(0, f'{remote}\n')
    return clip_middle(''.join(lines).rstrip('\n'), ERROR_STACK_LENGTH)


def clip_middle(text: str, length: int) -> str:
    """The end of a traceback says where it happened; the beginning, how it came there."""
    if len(text) <= length:
        return text
    half = length // 2 - 10
    return f'{text[:half]}\n  …\n{text[-half:]}'


def parse_wire_error(raw: object) -> dict:
    """Raises `protocol.violation`; texts that are too long are cut."""
    return _parse(raw, 0, _Room())


def _parse(raw: object, depth: int, room: _Room) -> dict:
    if not isinstance(raw, dict):
        raise violation('an error is not an object')
    if depth > MAX_CAUSES:
        raise violation('an error has too many causes')
    room.left -= 1
    if room.left < 0:
        raise violation('an error has too many others in it')
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
    failed_id = raw.get('failedId', undefined)
    if failed_id is not undefined:
        if type(failed_id) is not int or abs(failed_id) > MAX_SAFE_INTEGER:
            raise violation('the id of a call that failed is none')
        told['failedId'] = failed_id
    if raw.get('cause', undefined) is not undefined:
        told['cause'] = _parse(raw['cause'], depth + 1, room)
    errors = raw.get('errors', undefined)
    if errors is not undefined:
        if not isinstance(errors, list):
            raise violation('the errors in an error are not a list')
        if len(errors) > MAX_ERRORS:
            raise violation('an error stands for too many')
        told['errors'] = [_parse(one, depth + 1, room) for one in errors]
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
