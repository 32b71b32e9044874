"""Calls that are served without a host, given up in moments that no host can choose."""

import threading
from types import SimpleNamespace

from greenroom_worker.errors import Cancelled
from greenroom_worker.incoming_call import IncomingCall
from greenroom_worker.interrupts import Interrupts
from greenroom_worker.kept_results import KeptResults
from greenroom_worker.serving import Serving
from greenroom_worker.wire import Flag, Op


def _nothing():
    pass


class LetsIn:
    """A lock that, when it is let go, lets in another thread before anything else is done."""

    def __init__(self):
        self._lock = threading.RLock()
        self.then = None

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *how):
        self._lock.__exit__(*how)
        then, self.then = self.then, None
        if then:
            thread = threading.Thread(target=then)
            thread.start()
            thread.join()


class Served:
    """What the host would be told, and which calls run, is in `said`."""

    def __init__(self, let_read=_nothing):
        self.said = []
        self.jobs = []
        self.kept = KeptResults()
        self.lock = LetsIn()
        self.interrupts = Interrupts()
        sender = SimpleNamespace(
            outbox=SimpleNamespace(flush_all=_nothing, send_soon=_nothing),
            numbers=lambda _op, number: self._say('cancelling', number),
        )
        self.serving = Serving(
            sender,
            self.kept,
            self.interrupts,
            self.lock,
            self.jobs.append,
            _nothing,
            let_read,
            lambda: 0,
        )
        self.serving._answers = SimpleNamespace(
            started=lambda call: self._say('started', call.id),
            done=lambda call: self._say('done', call.id),
            error=lambda number, _told, _call: self._say('error', number),
        )

    def accept(self, number, flags=Flag.traced):
        call = IncomingCall(Op.call, flags, number)
        call.target = [lambda: self._say('runs', number)]
        self.serving.accept(call)
        return call

    def wait_with(self, number):
        """A call that has called the host, and waits."""
        call = self.accept(number)
        self.interrupts.begin(self.serving.next(0))
        call.started_ms = 1.0
        return call

    def run_next(self):
        call = self.serving.next(0)
        if call is not None:
            self.serving.run(call)

    def _say(self, what, number):
        self.said.append(f'{what} {number}')


def given_up_when_it_begins():
    served = Served()
    served.accept(1)
    call = served.serving.next(0)
    served.lock.then = lambda: served.serving.cancel(1)
    served.serving.run(call)
    return served.said[:2]


def given_up_when_another_begins():
    served = Served()
    served.wait_with(1)
    served.accept(2, 0)
    above = served.serving.next(0)
    served.lock.then = lambda: served.serving.cancel(1)
    served.serving.run(above)
    return served.said


def given_up_before_another_begins():
    served = Served()
    served.wait_with(1).is_cancel_due = True
    served.accept(2)
    served.run_next()
    return [*served.said, f'waits {served.serving.next(0).id}']


def given_up_while_it_waits_for_its_turn():
    served = Served()
    served.accept(1)
    served.serving.cancel(1)
    return [*served.said, served.serving.has_ready]


def given_up_by_what_is_read_before_it_begins():
    served = Served(let_read=lambda: served.serving.cancel(1))
    served.accept(1)
    served.run_next()
    return served.said


def given_up_as_it_ends():
    served = Served()
    served.wait_with(1)

    def end(_work):
        raise Cancelled

    served.interrupts._run = end
    outcome = served.interrupts.run(_nothing)
    return [outcome.told['code'], served.interrupts.depth]


def refused():
    served = Served()
    served.accept(1).refusal = ValueError('refused')
    served.run_next()
    return [*served.said, served.interrupts.depth]


def answered_twice():
    """Whether a call is still to be answered: the first time, when another one has its number, and
    that one."""
    served = Served()
    first = served.accept(1)
    is_first = served.serving._take(first)
    second = served.accept(1)
    return [is_first, served.serving._take(first), served.serving._take(second)]


def asked_for_when_it_is_there():
    """How often the result of a call is to be answered that is asked for in that moment."""
    served = Served()
    call = SimpleNamespace(kept=served.kept.keep(1, 'f', None))
    served.lock.then = lambda: served.serving.pull(1)
    served.serving._end_kept(call, 5, 5)
    return [len(served.jobs)]
