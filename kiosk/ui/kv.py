"""Loads the .kv file that lies beside a widget's module.

Upstream: every module of ``widgets`` and ``screens``.
Downstream: Kivy's builder.
"""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder


def load_beside(module_file: str) -> None:
    """Load ``X.kv`` for ``X.py``."""
    Builder.load_file(str(Path(module_file).with_suffix(".kv")))
