"""A worker that takes and makes calls whose messages hold few bytes."""

import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker import asking, serving
from greenroom_worker.worker import run_worker

for module in (asking, serving):
    assert hasattr(module, 'MAX_HELD_BYTES')
    module.MAX_HELD_BYTES = 150_000
    assert hasattr(module, 'MAX_LIGHT_BYTES')
    module.MAX_LIGHT_BYTES = 100

run_worker([])
