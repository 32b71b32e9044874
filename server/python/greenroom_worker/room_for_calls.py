"""How many calls one side may make while others of it are not answered."""

from __future__ import annotations

from .limits import MAX_HELD_BYTES, MAX_LIGHT_BYTES, MAX_PENDING_CALLS, MAX_WAITING_CALLS


def has_room_for(size_bytes: int, calls: int, held_bytes: int, opposite: int) -> bool:
    """Whether one side may make another call, whose message has so many bytes, while so many of its
    `calls` are not answered, whose messages had `held_bytes` together. Each of the `opposite` ones,
    those of the other side that it is to answer, may need one of its own to end: perhaps the last
    of those that would have to wait."""
    may_hold = calls <= opposite or held_bytes < MAX_HELD_BYTES * (1 + opposite)
    if calls < MAX_PENDING_CALLS + opposite:
        return may_hold or size_bytes <= MAX_LIGHT_BYTES
    most = MAX_PENDING_CALLS + MAX_WAITING_CALLS + opposite
    return may_hold and opposite > 0 and calls < most
