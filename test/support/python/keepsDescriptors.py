"""A module that spoils how a worker empties its segments, and counts what it has open."""

import os


def spoil_emptying():
    def refuse(_descriptor, _length):
        raise OSError('not emptied')

    os.ftruncate = refuse


def open_descriptors():
    return len(os.listdir('/proc/self/fd'))


def filled(length):
    return bytes(length)
