"""Places in a message that are filled when a call has ended."""

from __future__ import annotations

from .collections import Set


class Later:
    """Stands where the result of a call will stand that is still under way."""

    __slots__ = ('call', 'owner', 'key')

    def __init__(self, call: int) -> None:
        self.call = call
        self.owner: object = None
        self.key: object = None

    def put(self, value: object) -> None:
        """Puts the value into the place that was kept for it."""
        if isinstance(self.owner, Set):
            self.owner.replace(self, value)
        else:
            self.owner[self.key] = value  # type: ignore[index]

    def leave(self) -> None:
        """Nothing will be put there. What has the place would be held by it, as it holds it."""
        self.owner = None
