"""A worker that takes and gives few bytes ahead of a message."""

import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker import CancelSignal, message_writer, outbox, pieces
from greenroom_worker.errors import GreenroomError
from greenroom_worker.members import ServedObject
from greenroom_worker.worker import run_worker

for module in (message_writer, outbox, pieces):
    assert hasattr(module, 'MAX_AHEAD_BYTES')
    module.MAX_AHEAD_BYTES = 2_000_000


def filled(length, byte):
    return bytes([byte]) * length


def unsendable(length):
    return [filled(length, 1), lambda: None, CancelSignal()]


def tell(callback, times):
    """Without waiting for an answer; says when it may not go on."""
    told = []
    try:
        for byte in range(times):
            told.append(callback.later(filled(1_900_000, byte)))
    except GreenroomError as error:
        print(error.code, file=sys.stderr, flush=True)
    return [one.get() for one in told]


run_worker(
    [],
    ServedObject({'size': len, 'filled': filled, 'unsendable': unsendable, 'tell': tell}),
)
