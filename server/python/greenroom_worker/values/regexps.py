"""Whether a text can be a regular expression of JavaScript."""

from __future__ import annotations

_FLAGS = frozenset('dgimsuvy')


def are_flags(flags: str) -> bool:
    """Each known and there once; `u` and `v` exclude each other."""
    known = set(flags)
    return known <= _FLAGS and len(known) == len(flags) and not {'u', 'v'} <= known


def is_source(source: str) -> bool:
    """Escapes, classes and groups come to an end. What else there is to it, only JavaScript
    knows."""
    depth = 0
    in_class = False
    is_escaped = False
    for character in source:
        if is_escaped:
            is_escaped = False
        elif character == '\\':
            is_escaped = True
        elif in_class:
            in_class = character != ']'
        elif character == '[':
            in_class = True
        elif character == '(':
            depth += 1
        elif character == ')':
            depth -= 1
            if depth < 0:
                return False
    return depth == 0 and not in_class and not is_escaped
