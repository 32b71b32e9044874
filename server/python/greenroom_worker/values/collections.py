"""Map and Set of JavaScript, which tell apart what Python's own hold to be the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, MutableSet

from .types import BigInt, undefined

_BY_VALUE = (str, bytes, tuple, frozenset)


def _place_of(key: object) -> object:
    """Numbers, texts and the like are found by their value, as in a dict; all else by identity. 1
    and 1.0 are one number, True and BigInt(1) are others."""
    kind = type(key)
    if kind is int or kind is float:
        return ('number', key) if key == key else 'NaN'
    if kind is bool or kind is BigInt:
        return (kind, key)
    if isinstance(key, _BY_VALUE):
        try:
            hash(key)
        except TypeError:  # a tuple that holds a list
            return id(key)
        return (kind, key)
    return id(key)


class Map(MutableMapping):
    """Keys may be anything, also what cannot be hashed. Keeps the order in which they came."""

    __slots__ = ('_entries',)

    def __init__(self, entries: Iterable[tuple[object, object]] = ()) -> None:
        self._entries: dict[object, list] = {}
        for key, value in entries:
            self[key] = value

    def __getitem__(self, key: object) -> object:
        try:
            return self._entries[_place_of(key)][1]
        except KeyError:
            raise KeyError(key) from None

    def __setitem__(self, key: object, value: object) -> None:
        entry = self._entries.setdefault(_place_of(key), [key, value])
        entry[1] = value

    def __delitem__(self, key: object) -> None:
        try:
            del self._entries[_place_of(key)]
        except KeyError:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[object]:
        return iter([key for key, _ in self._entries.values()])

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f'Map({len(self)} entries)'

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other


class Set(MutableSet):
    """Items may be anything, also what cannot be hashed. Keeps the order in which they came."""

    __slots__ = ('_items',)

    def __init__(self, items: Iterable[object] = ()) -> None:
        self._items: dict[object, object] = {}
        for item in items:
            self.add(item)

    def add(self, item: object) -> None:
        self._items.setdefault(_place_of(item), item)

    def discard(self, item: object) -> None:
        self._items.pop(_place_of(item), None)

    def replace(self, old: object, new: object) -> None:
        """Puts one item where another was."""
        items = list(self._items.values())
        self._items = {}
        for item in items:
            self.add(another(new, self) if item is old else item)

    def __contains__(self, item: object) -> bool:
        return _place_of(item) in self._items

    def __iter__(self) -> Iterator[object]:
        return iter(list(self._items.values()))

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f'Set({len(self)} items)'

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other


_HASHABLE = frozenset({str, bytes, bool, int, float, BigInt, type(None), type(undefined)})


def another(item: object, holder: Set | Map) -> object:
    """What JavaScript has in a set or map twice are two objects with equal bytes, which `bytes` of
    Python cannot be."""
    return bytearray(item) if type(item) is bytes and item in holder else item


def set_of(items: list) -> set | None:
    """A set of Python, where that can hold all the items without taking two for one."""
    if not all(type(item) in _HASHABLE for item in items):
        return None
    made = set(items)
    return made if len(made) == len(items) else None
