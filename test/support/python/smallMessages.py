"""A worker that gives small messages, and a module with what can hardly be sent in them."""

import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker import CancelSignal, byte_writer, message_writer
from greenroom_worker.values import value_writer
from greenroom_worker.worker import run_worker

for module, name, most in (
    (byte_writer, 'MAX_FRAME_BYTES', 200_000),
    (message_writer, 'MAX_FRAME_BYTES', 200_000),
    (message_writer, 'MAX_AHEAD_BYTES', 2_000_000),
    (message_writer, 'MAX_WEIGHT', 300_000),
    (value_writer, 'MAX_WEIGHT', 300_000),
):
    assert hasattr(module, name)
    setattr(module, name, most)

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


def yeses(count):
    return [True] * count


def begin_with_texts(count):
    return [*texts(count), CancelSignal()]


def begin_with_values(count):
    return [[set() for _ in range(count)], CancelSignal()]


def begin_with_bytes(count):
    return [bytes(count), CancelSignal()]


def send_few(item):
    if item > 2:
        raise ValueError('too much')
    return CancelSignal() if item == 2 else item


def pass_on(make, depth, take):
    """A result that has come, so deep in lists, and a deep list beside it."""
    value = make.later()
    value.get()
    for _ in range(depth):
        value = [value]
    return take([value, nest(400)])


def count(items):
    return len(items)


if __name__ == '__main__':
    run_worker([])
