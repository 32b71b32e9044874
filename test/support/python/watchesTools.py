"""The worker, whose tools also tell how many of their calls have run anything of the package."""

import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker.root import OpenedTool
from greenroom_worker.tools import TOOLS
from greenroom_worker.worker import run_worker


class Watched:
    def __init__(self, tool):
        self.tool = tool
        self.name = tool.name
        self.runs = 0

    def open(self, spec):
        opened = self.tool.open(spec)
        methods = {name: self.watch(method) for name, method in opened.methods.items()}
        return OpenedTool(opened.opened, {**methods, 'runs': lambda _: self.runs})

    def watch(self, method):
        def watched(request):
            seen = set()

            def note(frame, event, arg):
                module = getattr(arg, '__module__', None) if event == 'c_call' else None
                seen.add(module or frame.f_globals.get('__name__'))

            sys.setprofile(note)
            try:
                return method(request)
            finally:
                sys.setprofile(None)
                self.runs += any(str(name).split('.')[0] == self.name for name in seen)

        return watched


run_worker([Watched(tool) for tool in TOOLS])
