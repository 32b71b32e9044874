"""A worker that gives messages of few bytes, and a module with what can hardly be sent in them."""

import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker import CancelSignal, byte_writer, message_writer
from greenroom_worker.worker import run_worker

for module in (byte_writer, message_writer):
    assert hasattr(module, 'MAX_FRAME_BYTES')
    module.MAX_FRAME_BYTES = 200_000

SHARED = {'text': 'x' * 100_000}


class Unapproachable:
    @property
    def __class__(self):
        raise ConnectionError('not to be asked')


def unapproachable():
    return Unapproachable()


def share(item):
    return [SHARED, CancelSignal() if item == 3 else item]


def nest(depth):
    value = 'x'
    for _ in range(depth):
        value = [value]
    return value


def texts(count):
    return ['x' * 10_000] * count


def begin_with_texts(count):
    return [*texts(count), CancelSignal()]


def pass_on(make, depth, take):
    """A result that has come, so deep in lists."""
    value = make.later()
    value.get()
    for _ in range(depth):
        value = [value]
    return take(value)


def count(items):
    return len(items)


if __name__ == '__main__':
    run_worker([])
