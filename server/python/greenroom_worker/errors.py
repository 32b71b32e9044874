"""Failures: ours, and those of the host."""

from __future__ import annotations


class GreenroomError(Exception):
    """A failure with a code for programs and a message for people."""

    def __init__(self, code: str | int | float, message: str) -> None:
        super().__init__(message)
        self.code = code


class RemoteError(GreenroomError):
    """A call failed in the host. `__cause__` is the host's cause, also a `RemoteError`; so are those
    in `exceptions`, where the error stands for several."""

    def __init__(self, told: dict) -> None:
        code = told.get('code')
        failed_call = told.get('failedCall')
        message = told['message']
        super().__init__(
            'call.failed' if code is None else code,
            dependency_prefix(failed_call) + message,
        )
        self.remote_name = told['name']
        """Its class in the host."""
        self.remote_stack = told.get('stack')
        self.failed_call = failed_call
        """The call that failed, when it was not this one but one that it depended on."""
        if 'errors' in told:
            self.exceptions = tuple(map(RemoteError, told['errors']))
        for name, value in told.get('own', {}).items():
            if not hasattr(self, name):
                setattr(self, name, value)
        if 'cause' in told:
            self.__cause__ = RemoteError(told['cause'])


def dependency_prefix(failed_call: str | None) -> str:
    """What stands before the message of a call that failed for the sake of another one."""
    return '' if failed_call is None else f"'{failed_call}' failed: "


class BatchError(RemoteError):
    """An item of a batch failed, and those behind it were not run."""

    def __init__(self, told: dict, index: int, results: list) -> None:
        super().__init__(told)
        self.index = index
        self.results = results
        """What the items before it have brought."""


class Cancelled(BaseException):
    """Raised inside a running call that the host has given up. Not an `Exception`, so that a tool
    which catches those does not go on by accident."""

    def __init__(self) -> None:
        super().__init__('the call was cancelled')
        self.code = 'call.cancelled'


def anew(error: BaseException) -> BaseException:
    """The same failure, which nobody has raised yet."""
    again = type(error).__new__(type(error), *error.args)
    vars(again).update(vars(error))
    again.__cause__ = error.__cause__
    again.__suppress_context__ = error.__suppress_context__
    return again


def violation(message: str) -> GreenroomError:
    return GreenroomError('protocol.violation', message)


_LONGEST_PLACE = 120


class Unsendable(GreenroomError):
    """Something in a message cannot be sent. Says where that is, as far as those around it have
    told."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self._steps: list[str] = []

    def inside(self, steps: list[str]) -> None:
        """What was written is a part of something else, so many steps from it."""
        self._steps = steps + self._steps

    def told(self, root: str, own_steps: int = 0) -> GreenroomError:
        """The same for everybody, with the place in what is called so; without the first steps, if
        these are ours."""
        place = root + ''.join(self._steps[own_steps:])
        if len(place) > _LONGEST_PLACE:
            half = _LONGEST_PLACE // 2
            place = f'{place[:half]}…{place[-half:]}'
        return GreenroomError(self.code, f'{self} (at {place})')


def unsendable(what: str) -> Unsendable:
    return Unsendable('value.unserializable', f'cannot send {what}')


def released(kind: type[GreenroomError] = GreenroomError) -> GreenroomError:
    return kind('reference.released', 'the remote object has been released')
