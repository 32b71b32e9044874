"""Reads test vectors from standard input, and prints what this implementation makes of them."""

from __future__ import annotations

import json
import os
import sys

sys.path.insert(0, os.path.abspath(f'{__file__}/../../../../server/python'))

from greenroom_worker.byte_reader import ByteReader
from greenroom_worker.byte_writer import ByteWriter
from greenroom_worker.message_reader import MessageReader
from greenroom_worker.message_writer import write_call_head
from greenroom_worker.values.policy import Policy
from greenroom_worker.values.value_reader import References, ValueReader
from greenroom_worker.values.value_writer import ValueWriter
from greenroom_worker.wire import Flag, Op, Tag
from notation import FromNotation, Reference, ToNotation

FLAGS = {'want': 1, 'keep': 2, 'traced': 4, 'byValue': 16, 'byReference': 32, 'timed': 128}
SENT_AHEAD = {'bytes': 'Uint8Array', 'hex': '000000'}
TIMES = ('receivedMs', 'startedMs', 'finishedMs')


class EveryReference(References):
    """Every reference stands for itself: it does not matter what was said before."""

    def theirs(self, number: int, is_function: bool) -> object:
        return Reference('mine', number, is_function)

    def ours(self, number: int) -> object:
        return Reference('yours', number)

    def result(self, call: int) -> object:
        return Reference('result', call)

    def take(self, segment: int, length: int) -> bytes:
        return bytes([segment]) * length


def writer(out: ByteWriter) -> ValueWriter:
    def write_reference(value: Reference) -> None:
        ((kind, number), *rest) = value.told.items()
        out.byte(getattr(Tag, kind))
        out.count(number * 2 + rest[0][1] if rest else number)

    def put(data: memoryview) -> int | None:
        return data[0] if bytes(data) in (b'\x07\x07\x07', b'\0\0\0') else None

    return ValueWriter(out, Policy(), None, write_reference, put)


def value(vector: dict) -> dict:
    out = ByteWriter()
    writer(out).write(FromNotation().make(vector['value']))
    forms = [vector['hex'], *vector.get('otherForms', [])]
    return {
        'name': vector['name'],
        'hex': out.buffer.hex(),
        'read': [read_value(form) for form in forms],
    }


def read_value(told: str) -> dict:
    source = ByteReader(bytes.fromhex(told))
    read = ValueReader(source, EveryReference()).read()
    return {'value': ToNotation().tell(read), 'left': source.left}


class Recorder(EveryReference):
    """Stands where the inbox is, and writes down what comes."""

    def __init__(self) -> None:
        self.told: list[dict] = []
        self.exports = self.imports = self.kept = self

    def get(self, number: int) -> object:
        return self.ours(number)

    def receive(self, number: int, is_function: bool) -> object:
        return self.theirs(number, is_function)

    def keep(self, *_call: object) -> object:
        return self

    def welcome(self, raw: object) -> None:
        self.told.append({'kind': 'welcome', 'value': tell(raw)})

    def bye(self) -> None:
        self.told.append({'kind': 'bye'})

    def call(self, call: object) -> None:
        kinds = {Op.call: 'call', Op.batch: 'batch', Op.get: 'get', Op.set: 'set'}
        kind = 'construct' if call.is_construction else kinds[call.op]
        target = call.target[0].told
        told = {
            'kind': kind,
            'flags': [name for name, bit in FLAGS.items() if call.flags & bit],
            'id': call.id,
            'target': target if 'result' in target else {'object': target['yours']},
            'path': call.path,
        }
        if kind == 'batch':
            told['runsAll'] = call.runs_all
            told['items'] = [[tell(arg) for arg in args] for args in call.items]
        elif kind == 'set':
            told['value'] = tell(call.args[0])
        elif kind != 'get':
            told['args'] = [tell(arg) for arg in call.args]
        self.told.append(told)

    def result_of(self, call: int, raw: object, _values: object) -> None:
        self.told.append({'kind': 'result', 'id': call, 'value': tell(raw)})

    def error(self, call: int, raw: dict) -> None:
        self.told.append({'kind': 'error', 'id': call, 'value': tell(raw)})

    def release(self, number: int, times: int) -> None:
        self.told.append({'kind': 'release', 'object': number, 'times': times})

    def number(self, op: int, number: int) -> None:
        kinds = {
            Op.pull: 'pull',
            Op.cancel: 'cancel',
            Op.cancelling: 'cancelling',
            Op.done: 'done',
            Op.drop: 'drop',
        }
        if op == Op.free_segment:
            self.told.append({'kind': 'freeSegment', 'segment': number})
        else:
            self.told.append({'kind': kinds[op], 'id': number})


def tell(raw: object) -> object:
    return ToNotation().tell(raw)


class ReadAsAnInbox(MessageReader):
    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._recorder = recorder

    def result(self, call: int) -> object:
        return Reference('result', call)


def message(vector: dict) -> dict:
    written = write_messages(vector['messages'])
    return {
        'name': vector['name'],
        'read': read_messages(vector['hex']),
        'hex': written,
        'readAgain': read_messages(written),
    }


def read_messages(told: str) -> list | str:
    recorder = Recorder()
    recorder.result = recorder.result_of
    try:
        ReadAsAnInbox(recorder).read(bytes.fromhex(told))
    except Exception as error:
        return getattr(error, 'code', repr(error))
    return recorder.told


def write_messages(messages: list) -> str:
    out = ByteWriter()
    for told in messages:
        if 'args' in told and told['args'] == [SENT_AHEAD]:
            for piece in (b'\0\0', b'\0'):
                out.byte(Op.piece)
                out.count(len(piece))
                out.raw(piece)
        values = writer(out)
        write_message(out, values, told)
    return out.buffer.hex()


def write_message(out: ByteWriter, values: ValueWriter, told: dict) -> None:
    kind = told['kind']
    if kind in ('call', 'construct', 'batch', 'get', 'set'):
        return write_call(out, values, told)
    times = [told[name] for name in TIMES if name in told]
    ops = {'freeSegment': Op.free_segment}
    timed = {'result': Op.timed_result, 'done': Op.timed_done} if times else {}
    out.byte(timed.get(kind) or ops.get(kind) or getattr(Op, kind))
    for name in ('id', 'object', 'times', 'segment'):
        if name in told:
            out.count(told[name])
    if kind == 'error':
        out.byte(1 if times else 0)
    for time in times:
        out.float64(time)
    if 'value' in told:
        values.write(FromNotation().make(told['value']))


def write_call(out: ByteWriter, values: ValueWriter, told: dict) -> None:
    kind, target = told['kind'], told['target']
    flags = sum(FLAGS[name] for name in told['flags'])
    flags |= Flag.construct if kind == 'construct' else 0
    where = target['object'] * 2 if 'object' in target else target['result'] * 2 + 1
    op = Op.call if kind == 'construct' else getattr(Op, kind)
    write_call_head(out, op, flags, told['id'], where, tuple(told['path']))
    if kind == 'set':
        values.write(FromNotation().make(told['value']))
        return
    if kind == 'batch':
        out.byte(1 if told['runsAll'] else 0)
        out.count(len(told['items']))
    for args in told.get('items', [told['args']] if 'args' in told else []):
        out.count(len(args))
        for arg in args:
            values.write(FromNotation().make(arg))


if __name__ == '__main__':
    vectors = json.load(sys.stdin)
    make = {'values': value, 'messages': message}[sys.argv[1]]
    print(json.dumps([make(vector) for vector in vectors]))
