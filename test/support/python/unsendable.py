"""Values that cannot be sent, each for another reason or in another place."""

from dataclasses import dataclass
from types import SimpleNamespace

from greenroom_worker import CancelSignal, by_ref, by_value
from greenroom_worker.values.types import ErrorValue

NO = CancelSignal()


class Slotted:
    __slots__ = ()


@dataclass
class Part:
    part: object


def _nested(depth):
    return [_nested(depth - 1)] if depth else []


def _failure():
    error = ValueError('x')
    error.extra = [NO]
    error.__cause__ = KeyError('y')
    return error


def _failure_with_cause():
    error = ValueError('x')
    error.__cause__ = KeyError('y')
    error.__cause__.extra = NO
    return error


class Key(str):
    def __repr__(self):
        raise KeyboardInterrupt


class Unapproachable(dict):
    """The writer asks for its items once."""

    times = 0

    def items(self):
        self.times += 1
        if self.times > 1:
            raise ValueError('was asked again')
        return super().items()


def _named(name):
    part = Part(1)
    vars(part)[name] = NO
    return SimpleNamespace(**vars(part))


def _loop():
    loop = []
    loop += [loop, {'in': [loop, NO]}]
    return loop


def _emptied():
    class Empties:
        __slots__ = ('_of',)

        @property
        def part(self):
            self._of.clear()
            return 1

    Empties.__dataclass_fields__ = {'part': None}
    empties, holder = Empties(), {}
    empties._of = holder
    holder.update(a=by_value(empties), b=NO)
    return holder


async def _sleep():
    pass


def _coroutine():
    coroutine = _sleep()
    coroutine.close()  # or Python warns of it
    return by_ref(coroutine)


_VALUES = {
    'alone': lambda: NO,
    'deep in others': lambda: {'rows': [1, {'a b': NO}]},
    'under a number': lambda: {'m': {1: 2, 3: NO}},
    'under something else': lambda: {'m': {None: NO}},
    'as a key': lambda: {NO: 1},
    'in a set': lambda: ({1, NO},),
    'in a copied object': lambda: by_value(Part([NO])),
    'beside a live object that holds it too': lambda: [Part(NO), by_value(Part(NO))],
    'in an exception': _failure,
    'in its cause': _failure_with_cause,
    'in a group': lambda: ErrorValue('AggregateError', {'errors': [NO]}, True),
    'behind bytes': lambda: [b'bytes', 1.5, NO],
    'a large int': lambda: [1 << 10_000_000],
    'no copy': lambda: [by_value(Slotted())],
    'under a name of its own class': lambda: {Key('a'): NO},
    'under a large number': lambda: {1 << 20_000: NO},
    'in a field that is no name': lambda: by_value(_named('a b')),
    'twice, once as a reference': lambda: [by_ref([NO]), [1, [NO]]],
    'in a dict that is marked': lambda: [by_value({'a': NO})],
    'under yes': lambda: {True: NO},
    'under a half': lambda: {0.5: NO},
    'in a dict that is emptied meanwhile': _emptied,
    'as a coroutine': lambda: [_coroutine()],
    'in a loop': _loop,
    'under a long name': lambda: {'n' * 1_000: NO},
    'too deep': lambda: _nested(600),
    'far behind': lambda: ['x'] * 100_000 + [NO],
    'in what may be asked once': lambda: Unapproachable(a=NO),
}


def make(which):
    return _VALUES[which]()


def give(callback, which):
    return callback(_VALUES[which]())


def give_batch(callback, which):
    return callback.batch([[1], [2, _VALUES[which]()]])


def assign(remote, which):
    remote['part'] = _VALUES[which]()


def give_brought(make, take):
    made = make.later()
    made.get()['live'].release()
    return take([1, made])


def contexts(callback, remote):
    """Of the errors of a call and of an assignment."""
    found = []
    for fail in (lambda: callback(NO), lambda: remote.__setitem__('part', NO)):
        try:
            fail()
        except Exception as error:
            found.append(error.__context__ and repr(error.__context__))
    return found


def give_released(callback, other):
    other.release()
    return callback({'other': other})
