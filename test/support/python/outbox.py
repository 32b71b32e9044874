"""What the worker sends with, without a host."""

from collections import deque

from greenroom_worker.outbox import Outbox


def cannot_write():
    """How often it tells of that, and whether anything is left to be sent."""
    errors = []

    def write(_frame):
        raise ValueError('raised by a signal handler of a tool')

    outbox = Outbox(write, errors.append)
    outbox.add(bytearray(b'x'))
    outbox.flush()
    outbox.flush_all()
    return [len(errors), outbox._has_more()]


def tells_before_it_goes_on():
    """How many frames have left, as far as those know who wait for that, when it tells that one cannot."""
    gone = []

    def write(_frame):
        raise BrokenPipeError

    outbox = Outbox(write, lambda _error: gone.append(outbox._gone))
    outbox.add(bytearray(b'x'))
    outbox.flush_all()
    return gone


def loses_a_frame():
    """The same where it is raised before the frame is written."""
    errors = []
    outbox = Outbox(errors.append, errors.append)

    class Frames(deque):
        def popleft(self):
            super().popleft()
            raise ValueError('raised by a signal handler of a tool')

    outbox._closed = Frames()
    outbox.add(bytearray(b'x'))
    outbox.flush()
    outbox.flush_all()
    return [len(errors), outbox._has_more()]


def left_to_parent():
    """What is sent in a process that was forked while another thread added something."""
    sent = []
    outbox = Outbox(sent.append, sent.append)
    outbox.add(bytearray(b'x'))
    outbox._lock.acquire()
    outbox._writing.acquire()
    outbox.leave_to_parent()
    outbox.add(bytearray(b'y'))
    outbox.flush_all()
    return sent
