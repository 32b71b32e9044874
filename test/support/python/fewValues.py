"""A worker that takes and gives messages whose values weigh little."""

import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker.members import ServedObject
from greenroom_worker.values import value_reader, value_writer
from greenroom_worker.worker import run_worker

for module in (value_reader, value_writer):
    assert hasattr(module, 'MAX_WEIGHT')
    module.MAX_WEIGHT = 1_000


class Numbers:
    def double(self, number):
        return 2 * number


run_worker(
    [],
    ServedObject(
        {
            'numbers': Numbers,
            'call_back': lambda callback, items: callback.batch([[n] for n in range(items)]),
        }
    ),
)
