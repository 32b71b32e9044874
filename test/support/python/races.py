"""A module whose threads meet where they could get in each other's way. What a list runs when it is
iterated runs while the message with it is being written."""

import threading
from queue import SimpleQueue

MOST_CALLS = 200 + 100 + 1
"""As many calls of fewCalls.py as are not answered at a time, while the host waits for one."""


class Meanwhile(list):
    def __init__(self, do):
        self.do = do

    def __iter__(self):
        self.do()
        return iter(())


def in_a_thread(do):
    thread = threading.Thread(target=do)
    thread.start()
    thread.join()


def got_while_passed(give, take):
    """A result, passed on by a message that another thread gets it during."""
    result = give.later()
    return take(result, Meanwhile(lambda: in_a_thread(result.get)))


def got_while_called(give):
    """The same for a result that is called."""
    result = give.later()
    return result(Meanwhile(lambda: in_a_thread(result.get)))


def got_while_refused(give, take):
    """The same for a message that is not sent in the end."""
    result = give.later()

    def get_and_fail():
        in_a_thread(result.get)
        raise ValueError('never sent')

    try:
        take(result, Meanwhile(get_and_fail))
    except ValueError as error:
        return str(error)


def got_before_used(give, take):
    """A result that is here already when it is used."""
    result = give.later()
    return take(Meanwhile(lambda: in_a_thread(result.get)), result)


def released_while_passed(give, take):
    result = give.later()
    return take(result, Meanwhile(result.release))


def crowd(callback, threads):
    """Threads that all write a call while there is room for one. Returns when that is sent."""
    for _ in range(MOST_CALLS - 1):
        callback.later()
    all_write = threading.Barrier(threads)
    sent = threading.Semaphore(0)

    def call():
        callback.later(Meanwhile(all_write.wait))
        sent.release()

    for _ in range(threads):
        threading.Thread(target=call, daemon=True).start()
    sent.acquire()


def crowded_out(callback):
    """A thread that has no room for its call. Brings what waits until that is sent."""
    for _ in range(MOST_CALLS):
        callback.later()
    writes = threading.Event()
    sent = threading.Event()

    def call():
        callback.later(Meanwhile(writes.set))
        sent.set()

    threading.Thread(target=call, daemon=True).start()
    writes.wait()
    return lambda: sent.wait()


def pulled_when_crowded(give, callback):
    """A thread that asks for a result that is there, and has no room to. Brings what waits for it."""
    kept = give.later()
    give()
    for _ in range(MOST_CALLS):
        callback.later()
    got = SimpleQueue()
    threading.Thread(target=lambda: got.put(kept.get()), daemon=True).start()
    return lambda: got.get()


def give_all(callback, size, times):
    """Without waiting for an answer before all have been sent."""
    told = [callback.later(bytes(size)) for _ in range(times)]
    return [one.get() for one in told]


def give_at_once(callback, size, threads):
    """The same from threads that all write a call while there is room for one."""
    all_write = threading.Barrier(threads)
    told = SimpleQueue()

    def call():
        told.put(callback.later(bytes(size), Meanwhile(all_write.wait)).get())

    for _ in range(threads):
        threading.Thread(target=call, daemon=True).start()
    return [told.get() for _ in range(threads)]


def call_for_ever(callback):
    while True:
        callback.later()
