"""What a copy of a live object, or of an exception, consists of."""

from __future__ import annotations

from ..errors import RemoteError, unsendable
from ..told_errors import code_of, message_of, name_of, stack_of
from .policy import is_never_copied
from .types import ErrorValue


def fields_of(value: object) -> dict:
    """Fields of a dataclass, else what the object itself holds. Raises `value.unserializable`."""
    if is_never_copied(value):
        raise _no_copy(value)
    names = getattr(type(value), '__dataclass_fields__', None)
    if names is None:
        names = list(getattr(value, '__dict__', ()))
        for kind in type(value).__mro__:
            slots = vars(kind).get('__slots__', ())
            names += (slots,) if isinstance(slots, str) else slots
    if not names and not hasattr(value, '__dict__'):
        raise _no_copy(value)
    return {
        name: getattr(value, name)
        for name in names
        if isinstance(name, str) and not name.startswith('__') and hasattr(value, name)
    }


def _no_copy(value: object) -> Exception:
    name = type(value).__name__
    hint = 'send what is in it, str(value) or list(value) perhaps'
    return unsendable(f'a copy of a {name}; {hint}')


def error_of(error: BaseException) -> ErrorValue:
    """An exception as the value that the other side gets."""
    if isinstance(error, ErrorValue):
        return error
    errors = getattr(error, 'exceptions', None)
    stack = error.remote_stack if isinstance(error, RemoteError) else stack_of(error)
    fields: dict = {'message': message_of(error)}
    if stack is not None:
        fields['stack'] = stack
    if error.__cause__ is not None:
        fields['cause'] = error.__cause__
    if isinstance(errors, tuple):
        fields['errors'] = list(errors)
    own = {
        name: value
        for name, value in vars(error).items()
        if not name.startswith('_') and name not in _KNOWN
    }
    code = code_of(error)
    if code is not None:
        own.setdefault('code', code)
    if own:
        fields['own'] = own
    is_group = 'errors' in fields
    return ErrorValue('AggregateError' if is_group else name_of(error), fields, is_group)


_KNOWN = frozenset(
    ('name', 'message', 'stack', 'cause', 'errors', 'exceptions')
    + ('remote_name', 'remote_stack', 'failed_call')
)
