"""Does what a call asks of its target."""

from __future__ import annotations

from .awaiting import result_of
from .batch_run import BatchRun
from .incoming_call import IncomingCall
from .members import (
    ServedObject,
    get_member,
    owner_of,
    set_member,
    to_callable,
    unknown_member,
)
from .values.types import undefined
from .wire import Op


def perform(call: IncomingCall) -> object:
    """The result, or a `BatchRun`. Raises what the tool raises."""
    target, path, name = call.target[0], call.path, call.name
    if isinstance(target, ServedObject):
        if call.op != Op.call or call.is_construction or len(path) != 1:
            raise unknown_member(name)
        return result_of(target.method(name)(*call.args))
    owner = owner_of(target, path)
    if call.op == Op.set:
        set_member(owner, name, call.args[0])
        return undefined
    member = get_member(owner, name) if path else target
    if call.op == Op.get:
        return member
    run = to_callable(member, name if path else None)
    if call.op == Op.batch:
        return BatchRun(call, lambda args: result_of(run(*args)))
    if call.is_construction and not isinstance(member, type):
        raise TypeError(f"'{name}' is not a class")
    return result_of(run(*call.args))
