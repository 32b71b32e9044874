"""A worker with a tool, by frames or by lines."""

import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker.lines import run_lines
from greenroom_worker.root import OpenedTool
from greenroom_worker.worker import run_worker


class Shouting:
    name = 'shouting'

    def open(self, spec):
        def format(text):
            return f'{text.upper()} in {spec["root"]}'

        info = {'name': 'shouting', 'version': '1.0.0', 'origin': spec['origin']}
        return OpenedTool({'info': info, 'languageIds': ['loud']}, {'format': format})


run = run_lines if '--lines' in sys.argv else run_worker
sys.exit(run([Shouting()]))
