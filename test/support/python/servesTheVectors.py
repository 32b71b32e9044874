"""A worker whose first object has what the frames of the vectors call."""

import os
import sys
import time

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker import RemoteError
from greenroom_worker.members import ServedObject
from greenroom_worker.worker import run_worker


def never():
    while True:
        time.sleep(60)


def ask_and_pass_on(function):
    """What it asked for and did not get."""
    result = function.later()
    try:
        result.get()
    except RemoteError:
        return result


run_worker(
    [],
    ServedObject(
        {
            'echo': lambda *values: values and values[0],
            'never': never,
            'take': repr,
            'ask': lambda function: function.later().get(),
            'ask_and_pass_on': ask_and_pass_on,
        }
    ),
)
