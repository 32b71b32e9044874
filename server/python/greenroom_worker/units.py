"""Lengths of texts as JavaScript counts them: in UTF-16."""

from __future__ import annotations


def units_of(text: str) -> int:
    return len(text) + (0 if text.isascii() else sum(1 for one in text if one > '\uffff'))


def is_within(text: str, length: int) -> bool:
    """Whether a text, however long, has at most so many units."""
    return len(text) <= length and units_of(text) <= length


def clip(text: str, length: int) -> str:
    """At most so many units, an ellipsis at the end of what was longer."""
    if is_within(text, length):
        return text
    kept = text[: length - 1]
    while units_of(kept) > length - 1:
        kept = kept[:-1]
    return kept + '…'
