"""A worker that takes and makes calls whose messages hold few bytes."""

import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker import room_for_calls
from greenroom_worker.worker import run_worker

for name, bytes_held in {'MAX_HELD_BYTES': 150_000, 'MAX_LIGHT_BYTES': 100}.items():
    assert hasattr(room_for_calls, name)
    setattr(room_for_calls, name, bytes_held)

run_worker([])
