"""What the host asks of tools, checked before anything of a tool runs."""

from __future__ import annotations

from typing import NamedTuple

from ..values.types import undefined


class DocumentRequest(NamedTuple):
    text: str
    path: str | None
    """Absolute; None for a document that was never saved."""


class FileRequest(NamedTuple):
    text: str
    path: str
    """Absolute; the text need not be what the file holds."""


def parse_format_request(raw: object) -> DocumentRequest:
    """Raises a `ValueError` that names the field."""
    fields = _fields(raw, {'text', 'languageId'}, {'path', 'range'})
    if fields.get('range') is not None:
        raise ValueError('range: this tool formats whole documents')
    return DocumentRequest(fields['text'], fields.get('path'))


def parse_lint_request(raw: object) -> FileRequest:
    """Raises a `ValueError` that names the field."""
    fields = _fields(raw, {'text', 'path', 'languageId'}, {'hasByteOrderMark'})
    return FileRequest(fields['text'], fields['path'])


def _fields(raw: object, required: set, optional: set) -> dict:
    if not isinstance(raw, dict):
        raise ValueError('a request is an object')
    fields = {name: value for name, value in raw.items() if value is not undefined}
    for name in sorted(required - fields.keys()):
        raise ValueError(f'{name}: the field is missing')
    for name in sorted(fields.keys() - required - optional):
        raise ValueError(f'{name}: there is no such field')
    for name in ('text', 'path', 'languageId'):
        if name in fields and not isinstance(fields[name], str):
            raise ValueError(f'{name}: the field is a text')
    return fields
