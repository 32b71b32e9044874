"""The numbers of the wire; server/shared/protocol/WIRE.md says what they mean."""

PROTOCOL_VERSION = 2


class Op:
    """The first byte of a message."""

    hello = 1
    welcome = 2
    call = 3
    batch = 4
    get = 5
    set = 6
    pull = 7
    cancel = 8
    started = 9
    cancelling = 10
    result = 11
    traced_result = 12
    done = 13
    error = 14
    drop = 15
    release = 16
    free_segment = 17
    bye = 18


class Flag:
    """What a caller wants of its call."""

    want = 1
    keep = 2
    traced = 4
    construct = 8
    by_value = 16
    by_reference = 32
    synchronous = 64

    every = 127


class Tag:
    """The first byte of a value."""

    undefined = 0
    null = 1
    false = 2
    true = 3
    int32 = 4
    float64 = 5
    integer = 6
    text = 7
    bigint = 8
    array = 9
    gap = 10
    integers = 11
    floats = 12
    object = 13
    map = 14
    set = 15
    date = 16
    regexp = 17
    error = 18
    bytes = 19
    segment = 20
    boxed = 21
    same = 22
    mine = 23
    yours = 24
    result = 25
    signal = 26


SMALL_TAG = 0x80
"""Tags from here on are whole numbers themselves."""
SMALL_MIN = -16
SMALL_MAX = 111
SMALL_ZERO = SMALL_TAG - SMALL_MIN

MAX_SAFE_INTEGER = 2**53 - 1

UTF16 = 254
UTF8_LONG = 255
