"""How deep calls may still go."""

from __future__ import annotations


def need_stack(frames: int) -> None:
    """Raises `RecursionError` when there are not so many frames left."""
    if frames > 0:
        need_stack(frames - 1)


def has_stack(frames: int) -> bool:
    try:
        need_stack(frames)
    except RecursionError:
        return False
    return True
