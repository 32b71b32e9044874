"""What values weigh: about their memory on the receiving side, in units of 16 bytes. A few bytes on
the wire may become a map or an error; so it is not enough to bound these."""

from __future__ import annotations

from ..wire import Tag

WEIGHTS: dict[int, int] = {
    Tag.array: 4,
    Tag.numbers: 4,
    Tag.object: 4,
    Tag.map: 16,
    Tag.set: 16,
    Tag.date: 8,
    Tag.regexp: 64,
    Tag.error: 64,
    Tag.bytes: 16,
    Tag.segment: 16,
    Tag.boxed: 8,
    Tag.mine: 16,
    Tag.result: 8,
}
"""Beside the 1 that each value weighs."""

BATCH_ITEM = 64
"""Each item of a batch beside its arguments: what it brings is kept until all are done."""

NUMBERS_PER_UNIT = 8
"""Numbers of a packed list that weigh 1 together."""
