"""The Python worker's entry: a session of an editor, or one JSON-RPC request a line (`--lines`)."""

import os
import sys


def main():  # what stands in this file is understood by any Python, to be able to say this
    if sys.version_info < (3, 9):
        version = '.'.join(str(part) for part in sys.version_info[:3])
        sys.exit('Error: Greenroom needs Python 3.9 or later; this is ' + version)
    # The program's own folder is there while its modules are loaded, and not for a project's.
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, folder)
    from greenroom_worker.tools import TOOLS

    if '--lines' in sys.argv[1:]:
        from greenroom_worker.lines import run_lines as run
    else:
        _need_channel()
        from greenroom_worker.worker import run_worker as run
    sys.path[:] = [path for path in sys.path if path != folder]
    sys.exit(run(TOOLS))


def _need_channel():
    try:
        os.fstat(3)
    except OSError:
        sys.exit(
            'Error: an editor starts this program, with a channel at descriptor 3; '
            'by hand, it is started with --lines and answers JSON-RPC on standard input'
        )


if __name__ == '__main__':
    main()
