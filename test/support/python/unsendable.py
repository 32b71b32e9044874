"""Values that cannot be sent, each for another reason or in another place."""

from dataclasses import dataclass

from greenroom_worker import CancelSignal, by_value

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


def _group():
    error = ValueError('x')
    error.__cause__ = KeyError('y')
    error.__cause__.extra = NO
    return error


class Unapproachable(dict):
    """The writer asks for its items once."""

    times = 0

    def items(self):
        self.times += 1
        if self.times > 1:
            raise ValueError('was asked again')
        return super().items()


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
    'in its cause': _group,
    'behind bytes': lambda: [b'bytes', 1.5, NO],
    'a large int': lambda: [1 << 10_000_000],
    'no copy': lambda: [by_value(Slotted())],
    'under a long name': lambda: {'n' * 1_000: NO},
    'too deep': lambda: _nested(600),
    'far behind': lambda: ['x'] * 100_000 + [NO],
    'in what is not asked twice': lambda: Unapproachable(a=NO),
}


def make(which):
    return _VALUES[which]()


def give(callback, which):
    return callback(_VALUES[which]())


def give_batch(callback, which):
    return callback.batch([[1], [2, _VALUES[which]()]])


def assign(remote, which):
    remote['part'] = _VALUES[which]()


def give_released(callback, other):
    other.release()
    return callback({'other': other})
