"""Takes every message of the host, and refuses what a worker may not be sent."""

from __future__ import annotations

import os
from collections.abc import Callable

from .asking import Asking
from .errors import violation
from .exports import Exports
from .imports import Imports
from .incoming_call import IncomingCall
from .kept_results import KeptResults
from .message_writer import Sender
from .serving import Serving
from .values.policy import REFERENCE, VALUE
from .values.types import undefined
from .values.value_reader import ValueReader
from .wire import Op


class Inbox:
    """Works on the thread that reads, under the connection's lock: nothing of a tool runs here."""

    def __init__(
        self,
        sender: Sender,
        asking: Asking,
        serving: Serving,
        kept: KeptResults,
        imports: Imports,
        on_bye: Callable[[], None],
        discard: Callable[[object], None],
    ) -> None:
        self.imports = imports
        self.kept = kept
        self._sender = sender
        self._asking = asking
        self._serving = serving
        self._on_bye = on_bye
        self._discard = discard
        """Lets go of an object of a tool where tools run."""
        self._is_welcome = False

    @property
    def exports(self) -> Exports:
        return self._sender.exports

    def welcome(self, raw: object) -> None:
        if self._is_welcome:
            raise violation('a greeting came, which this side does not expect')
        self._is_welcome = True
        if not isinstance(raw, dict):
            raise violation('a welcome that is none')
        told = {name: value for name, value in raw.items() if value is not undefined}
        policy = self._sender.policy
        policy.types = _rules(told.get('types', []))
        if 'objects' in told:
            policy.objects = _passing(told['objects'])
        if 'segments' in told:
            folder = told['segments']
            if not isinstance(folder, str) or not os.path.isabs(folder):
                raise violation('a welcome that is none: the folder of segments')
            self._sender.segments.open(folder)

    def bye(self) -> None:
        self._on_bye()

    def call(self, call: IncomingCall) -> None:
        self._serving.accept(call)

    def result(self, call: int, value: object, values: ValueReader) -> None:
        self._asking.answered(call, value, values)

    def error(self, call: int, told: dict) -> None:
        self._asking.failed(call, told)

    def release(self, number: int, times: int) -> None:
        self._discard(self.exports.release(number, times))

    def number(self, op: int, number: int) -> None:
        if op == Op.pull:
            self._serving.pull(number)
        elif op == Op.cancel:
            self._serving.cancel(number)
        elif op == Op.done:
            self._asking.done(number)
        elif op == Op.drop:
            self._discard(self.kept.drop(number))
        elif op == Op.free_segment:
            self._sender.segments.free(number)
        # `cancelling` is late: this side cancels nothing

    def take(self, segment: int, length: int) -> bytes:
        data = self._sender.segments.take(segment, length)
        self._sender.numbers(Op.free_segment, segment)
        self._sender.outbox.send_soon()
        return data


def _rules(raw: object) -> dict[str, str]:
    """By the names of classes; the first rule of a name counts."""
    if not isinstance(raw, list):
        raise violation('a welcome that is none: the rules by type')
    rules: dict[str, str] = {}
    for rule in raw:
        if not isinstance(rule, dict) or not isinstance(rule.get('type'), str):
            raise violation('a welcome that is none: a rule by type')
        rules.setdefault(rule['type'], _passing(rule.get('passing')))
    return rules


def _passing(raw: object) -> str:
    if not isinstance(raw, str) or raw not in (VALUE, REFERENCE):
        raise violation('a welcome that is none: by value or by reference')
    return raw
