"""What the worker accepts from the host before it ends the connection, and what it keeps to
itself."""

MAX_FRAME_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 500
MAX_WEIGHT = 16 * 1024 * 1024
"""What all values of one message weigh together: 1 each, and more for what takes more memory."""
MAX_PATTERN_UNITS = 1024 * 1024
MAX_BIGINT_BYTES = 1024 * 1024
MAX_PENDING_CALLS = 4_096
MAX_WAITING_CALLS = 65_536
"""Beyond those, while calls of the other side are served."""
MAX_HELD_BYTES = 256 * 1024 * 1024
"""Of the messages of calls that are not answered, before another one is sent; as many more for each
call of the other side that is being served, which may need one to end."""
MAX_LIGHT_BYTES = 64 * 1024
"""Of a message with which a call need not wait for others to let go of theirs."""
MAX_REFERENCES = 1_048_576
MAX_UNSENT_BYTES = 256 * 1024 * 1024

MAX_PATH_NAMES = 32
MAX_NAME_UNITS = 1_000

MAX_CAUSES = 8
MAX_ERRORS = 8
MAX_ERRORS_TOGETHER = 32
"""Told errors may lie so deep in one another; one may stand for so many; so many are told at once."""
ERROR_NAME_LENGTH = 200
ERROR_MESSAGE_LENGTH = 4_000
ERROR_STACK_LENGTH = 16_000

SEGMENT_FROM_BYTES = 64 * 1024
MAX_SEGMENT_BYTES = 512 * 1024 * 1024
MAX_FREE_SEGMENT_BYTES = 64 * 1024 * 1024
MAX_OPEN_SEGMENTS = 32

MAX_AHEAD_BYTES = MAX_SEGMENT_BYTES
"""Of large binary values in one message. As many may wait in pieces for a host that does not read,
before the next message with such values fails."""
PIECE_BYTES = 1024 * 1024
ROOM_IN_MESSAGE = 1024 * 1024
"""Up to here a message may grow by the large bytes in it; then they go ahead."""
