"""Greenroom's Python worker. Tools and modules that it loads may import what is listed here."""

from .batches import Settled
from .errors import BatchError, Cancelled, GreenroomError, RemoteError
from .remote import Remote, Result
from .signals import CancelSignal
from .values.collections import Map, Set
from .values.policy import by_ref, by_value
from .values.types import (
    BigInt,
    Binary,
    Boxed,
    Date,
    ErrorValue,
    RegExp,
    gap,
    undefined,
)

__all__ = [
    'BatchError',
    'BigInt',
    'Binary',
    'Boxed',
    'CancelSignal',
    'Cancelled',
    'Date',
    'ErrorValue',
    'GreenroomError',
    'Map',
    'RegExp',
    'Remote',
    'RemoteError',
    'Result',
    'Set',
    'Settled',
    'by_ref',
    'by_value',
    'gap',
    'undefined',
]
