"""The base of all rows.

Upstream: SQLAlchemy.
Downstream: ``tables``.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, Text
from sqlalchemy.orm import DeclarativeBase


class Row(DeclarativeBase):
    """Base of all rows: texts are TEXT, numbers 64 bits."""

    type_annotation_map: ClassVar = {str: Text(), int: BigInteger()}
