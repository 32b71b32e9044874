"""A worker of which few bytes may wait for the host to read them."""

import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker import outbox
from greenroom_worker.worker import run_worker

assert hasattr(outbox, 'MAX_UNSENT_BYTES')
outbox.MAX_UNSENT_BYTES = 4 * 1024 * 1024

run_worker([])
