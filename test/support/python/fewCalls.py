"""A worker that takes and makes few calls at a time."""

import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker import room_for_calls
from greenroom_worker.worker import run_worker

for name, calls in {'MAX_PENDING_CALLS': 200, 'MAX_WAITING_CALLS': 100}.items():
    assert hasattr(room_for_calls, name)
    setattr(room_for_calls, name, calls)

run_worker([])
