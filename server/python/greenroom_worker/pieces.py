"""Large bytes ahead of the message that uses them, where there is no shared memory for them."""

from __future__ import annotations

from .byte_writer import ByteWriter
from .errors import violation
from .limits import MAX_AHEAD_BYTES, PIECE_BYTES, ROOM_IN_MESSAGE, SEGMENT_FROM_BYTES
from .wire import Op

SENT_AHEAD = 0
"""In place of a segment's number: the bytes came ahead of the message."""

_LENGTH_BYTES = 4


def belong_ahead(size: int, message_bytes: int) -> bool:
    """Whether bytes should go ahead of a message that has become so long."""
    return size >= SEGMENT_FROM_BYTES and message_bytes + size > ROOM_IN_MESSAGE


def pieces_of(data: memoryview) -> list[bytearray]:
    """Copies, in frames which are ready to be sent."""
    return [_frame(data[at : at + PIECE_BYTES]) for at in range(0, len(data), PIECE_BYTES)]


def is_piece(frame: bytearray) -> bool:
    """Whether this frame holds a piece, and nothing else."""
    return frame[_LENGTH_BYTES] == Op.piece


def _frame(piece: memoryview) -> bytearray:
    out = ByteWriter()
    out.raw(bytes(_LENGTH_BYTES))
    out.byte(Op.piece)
    out.count(len(piece))
    out.raw(piece)
    frame = out.buffer
    frame[:_LENGTH_BYTES] = (len(frame) - _LENGTH_BYTES).to_bytes(_LENGTH_BYTES, 'little')
    return frame


class HeldPieces:
    """What the host has sent ahead of a message, until its values take it in order. Raises
    `protocol.violation`."""

    __slots__ = ('_held',)

    def __init__(self) -> None:
        self._held = bytearray()

    def add(self, piece: bytes) -> None:
        if not piece:
            raise violation('a piece of nothing')
        if len(self._held) + len(piece) > MAX_AHEAD_BYTES:
            raise violation(f'more than {MAX_AHEAD_BYTES} bytes came ahead of a message')
        self._held += piece

    def take(self, length: int) -> bytes:
        if length > len(self._held):
            raise violation(f'{length} bytes did not come ahead of their message')
        with memoryview(self._held) as held:
            data = bytes(held[:length])
        del self._held[:length]
        return data

    def assert_taken(self) -> None:
        """A message has ended, which takes all that came for it."""
        if self._held:
            raise violation(f'{len(self._held)} bytes came ahead of a message without them')
