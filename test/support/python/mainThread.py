"""What the main thread does next, without a host, on a clock of its own, and at the end of its stack."""

import signal
import threading
import time
from types import SimpleNamespace

from greenroom_worker import main_thread
from greenroom_worker.main_thread import MainThread
from greenroom_worker.ready_calls import ReadyCalls
from greenroom_worker.stack import has_stack, need_stack


def _without_room(work):
    return _without_room(work) if has_stack(200) else work()


def order_of(has_room, is_patient):
    """In which three calls are served that came before what is waited for was sent (1), until the
    wait began (2), and since (3)."""
    ready = ReadyCalls()
    for order in (1, 2, 3):
        ready.add(SimpleNamespace(order=order))
    main = MainThread(None, None, threading.RLock())
    main.serving = SimpleNamespace(next=ready.take)

    def take():
        call = main._next_when_deep(2, 1, is_patient)
        return call and call.order

    def take_all():
        return [take(), take(), take()]

    return take_all() if has_room else _without_room(take_all)


def _nothing():
    raise main_thread.Empty


class Wait:
    """Of a main thread to which no call comes, so deep, after two have come."""

    def __init__(self, depth):
        self._now_s = 0.0
        self.asked = []
        interrupts = SimpleNamespace(depth=depth, is_due=False, is_main=lambda: True)
        outbox = SimpleNamespace(flush=lambda: None, is_crowded=False)
        self._main = MainThread(interrupts, outbox, threading.RLock())
        self._main._jobs = SimpleNamespace(get_nowait=_nothing, get=self._sleep)
        self._main.serving = SimpleNamespace(next=self.asked.append, came=2, has_ready=True)

    def until_it_has_slept(self, times, came_before):
        def has_slept():
            return sum(type(one) is str for one in self.asked) == times

        real, main_thread.monotonic = main_thread.monotonic, lambda: self._now_s
        try:
            self._main.wait_until(has_slept, came_before)
        finally:
            main_thread.monotonic = real
        return self.asked

    def _sleep(self, timeout):
        self.asked.append(f'{round(timeout * 1000)} ms')
        self._now_s += timeout
        raise main_thread.Empty


def asks(depth, sleeps, came_before):
    """For calls that came after so many, and how long it sleeps."""
    return Wait(depth).until_it_has_slept(sleeps, came_before)


def says_between_calls(is_woken, is_crowded):
    """What it does when it has run each of two calls, and there is more to do or not."""
    said = []
    calls = [1, 2]
    interrupts = SimpleNamespace(depth=0, is_due=False, is_main=lambda: True)
    outbox = SimpleNamespace(
        flush=lambda: said.append('flush'),
        send_soon=lambda: said.append('send soon'),
        is_crowded=is_crowded,
    )
    main = MainThread(interrupts, outbox, threading.RLock())

    def run(call):
        said.append(call)
        if is_woken:
            main.do(None)

    main.serving = SimpleNamespace(next=lambda _: calls.pop(0) if calls else None, run=run)
    main.wait_until(lambda: len(said) > 3)
    return said


def flood(callback, times):
    """From threads, with results that nobody wants, each of which the main thread is to give back."""

    def call():
        for _ in range(times):
            callback.later()

    for _ in range(4):
        threading.Thread(target=call, daemon=True).start()


def wait_with_alarm(wait, alarm):
    """Calls the host from a signal handler, twice, while it waits for the host."""
    heard = []
    signal.signal(signal.SIGALRM, lambda _number, _frame: heard.extend([alarm(), alarm()]))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    return [wait(), *heard]


class CallsWhenItGoes:
    def __init__(self, callback):
        self._callback = callback

    def __del__(self):
        self._callback()


def call(callback):
    return callback()


def call_at_the_end_of_the_stack(callback):
    """As deep as there is room for that."""
    try:
        return call_at_the_end_of_the_stack(callback)
    except RecursionError:
        return callback()


def echo(value):
    return value


def need_room():
    need_stack(190)
    return 'had room'


def get_without_room(callback):
    """The result of a call of the host, which calls before that is waited for."""
    serving = callback._connection._serving

    def get():
        came = serving.came
        result = callback.later()
        while serving.came == came:
            time.sleep(0)
        return result.get()

    return _without_room(get)
