"""The base of all rows.

Upstream: SQLAlchemy.
Downstream: ``tables``.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, Dialect, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

NUL, SHOWN_NUL = "\x00", "\u2400"


class KeptText(TypeDecorator[str]):
    """TEXT in which whatever somebody asks for can be looked up.

    PostgreSQL breaks a transaction off for a text with U+0000, so it is asked for the sign ␀ in its place. Nothing that
    is stored holds the character itself: ``ingest`` refuses such an event, and quarantine writes it as an escape.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's own
        """Return the text as databases take it."""
        return value if value is None or NUL not in value else value.replace(NUL, SHOWN_NUL)


class Row(DeclarativeBase):
    """Base of all rows: texts are TEXT, numbers 64 bits."""

    type_annotation_map: ClassVar = {str: KeptText(), int: BigInteger()}
