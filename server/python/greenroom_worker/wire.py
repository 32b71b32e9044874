"""The numbers of the wire; server/shared/protocol/WIRE.md says what they mean."""

PROTOCOL_VERSION = 6


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
    timed_result = 12
    done = 13
    error = 14
    drop = 15
    release = 16
    free_segment = 17
    bye = 18
    piece = 19
    timed_done = 20


class Flag:
    """What a caller wants of its call."""

    want = 1
    keep = 2
    traced = 4
    construct = 8
    by_value = 16
    by_reference = 32
    synchronous = 64
    timed = 128


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
    numbers = 11
    object = 12
    map = 13
    set = 14
    date = 15
    regexp = 16
    error = 17
    bytes = 18
    segment = 19
    boxed = 20
    same = 21
    mine = 22
    yours = 23
    result = 24
    signal = 25


NUMBER_FORMS = 'bBhHid'
"""How each number of a packed list is written: letters of `struct`, by their place."""

SMALL_TAG = 0x80
"""Tags from here on are whole numbers themselves."""
SMALL_MIN = -16
SMALL_MAX = 111
SMALL_ZERO = SMALL_TAG - SMALL_MIN

MAX_SAFE_INTEGER = 2**53 - 1

UTF16 = 254
UTF8_LONG = 255
