"""Files brought to a stick so that a half one never stands under its name, whenever the stick is pulled.

Upstream: the file system.
Downstream: ``kiosk.composition``; implements the ports ``Stick`` and ``Spool``.

::

    name.part, name.part.json ──chunks, each on the stick before the next──▶ complete ──read again──▶ name

``name.part.json`` says which file the part is of. Asked again, what stands in the part is read and compared with the
file, and copying goes on behind it; anything else begins the file anew.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from kiosk.usecases.export_ports import ExportFault, NotExported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHUNK = 1024 * 1024
SPARE_BYTES = 64 * 1024  # for the folder's own entries
_FAULTS = {
    errno.ENOSPC: ExportFault.FULL,
    errno.EDQUOT: ExportFault.FULL,
    errno.EFBIG: ExportFault.FULL,
    errno.EROFS: ExportFault.READ_ONLY,
    errno.EACCES: ExportFault.READ_ONLY,
    errno.EPERM: ExportFault.READ_ONLY,
}
A_DAY_S = 24 * 3600
PART, STATE = ".part", ".part.json"


def _opened(file: Path, mode: str) -> BinaryIO:
    return file.open(mode, buffering=0)  # type: ignore[return-value]  # binary modes only


@dataclass(frozen=True, slots=True)
class FolderStick:
    """The port ``Stick`` on a folder; ``open_file`` is how files there are opened, so that a test can pull them."""

    open_file: Callable[[Path, str], BinaryIO] = _opened
    chunk: int = CHUNK

    def check(self, target: Path, needed_bytes: int) -> NotExported | None:
        """Tell why nothing can be written there, or None. The folder is never made: it would be on the wrong disk."""
        if not target.is_dir():
            return NotExported(ExportFault.NO_TARGET)
        probe = target / ".wenming-probe"
        try:
            with self.open_file(probe, "wb") as opened:
                opened.write(b"1")
            probe.unlink()
            free = shutil.disk_usage(target).free + sum(each.stat().st_size for each in target.glob(f"*{PART}"))
        except OSError as error:
            return NotExported(_fault_of(error))
        lacking = needed_bytes + SPARE_BYTES - free
        return NotExported(ExportFault.FULL, needed_bytes=lacking) if needed_bytes and lacking > 0 else None

    def bring(self, file: Path, target: Path) -> Iterator[int | NotExported]:
        """Copy a file under its name; yields the bytes that stand there so far, or at last why it ended."""
        try:
            disk = target.stat().st_dev
            for done in self._copied(file, target):
                yield done
                if target.stat().st_dev != disk:  # pulled: what stands there now is the empty folder below it
                    yield NotExported(ExportFault.NO_TARGET, file.name)
                    return
        except OSError as error:
            yield NotExported(_fault_of(error), file.name)

    def _copied(self, file: Path, target: Path) -> Iterator[int]:
        part, state, name = (target / f"{file.name}{suffix}" for suffix in (PART, STATE, ""))
        size, digest = file.stat().st_size, _sha256(file)
        done = self._resumed(file, part, state, digest)
        if done == 0:
            self._write(state, json.dumps({"size": size, "sha256": digest}).encode())
        with file.open("rb") as source, self.open_file(part, "r+b" if done else "wb") as opened:
            source.seek(done)
            opened.seek(done)
            yield done
            while chunk := source.read(self.chunk):
                _write_all(opened, chunk)
                os.fsync(opened.fileno())
                done += len(chunk)
                yield done
            opened.truncate(size)
        if _sha256(part) != digest:
            self._dropped(part, state)
            raise OSError(errno.EIO, "what was written is not what stands there")
        part.replace(name)
        with suppress(FileNotFoundError):
            state.unlink()
        _sync_folder(target)

    def _resumed(self, file: Path, part: Path, state: Path, digest: str) -> int:
        """Return how much of the file stands there already, as it is; 0 to begin anew."""
        try:
            told = json.loads(state.read_bytes())
            if told.get("sha256") != digest:
                return 0
            with file.open("rb") as source, part.open("rb") as opened:
                return _same(source, opened, self.chunk)
        except (FileNotFoundError, ValueError, AttributeError):
            return 0

    def _write(self, file: Path, content: bytes) -> None:
        with self.open_file(file, "wb") as opened:
            _write_all(opened, content)
            os.fsync(opened.fileno())

    @staticmethod
    def _dropped(*files: Path) -> None:
        for file in files:
            with suppress(OSError):
                file.unlink()


@dataclass(frozen=True, slots=True)
class FolderSpool:
    """The port ``Spool``: a folder beside the device's file, readable by its owner alone."""

    folder: Path

    def prepare(self, key: str) -> Path | None:
        """Return an empty folder to make the files of ``key`` in; None where they stand already."""
        with suppress(OSError):
            if self._note.read_text("utf-8") == key:
                return None
        self.clear()
        self.folder.mkdir(parents=True, mode=0o700)
        return self.folder

    def finish(self, key: str) -> None:
        """Note that all files of ``key`` are made."""
        self._note.write_text(key, "utf-8")

    def files(self) -> list[Path]:
        """Return the files, by name."""
        return sorted(each for each in self.folder.iterdir() if each != self._note)

    def clear(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def expire(self, now_s: float) -> None:
        """Remove files that were made more than a day ago and never reached their stick; ``now_s``: since 1970."""
        with suppress(OSError):
            if now_s - self.folder.stat().st_mtime > A_DAY_S:
                self.clear()

    @property
    def _note(self) -> Path:
        return self.folder / ".made"


def _fault_of(error: OSError) -> ExportFault:
    return _FAULTS.get(error.errno or 0, ExportFault.NO_TARGET)


def _write_all(opened: BinaryIO, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[opened.write(rest) or 0 :]


def _same(one: BinaryIO, other: BinaryIO, chunk: int) -> int:
    """Return how many bytes the second agrees with the first; 0 where it says something else, not only less."""
    done = 0
    while there := other.read(chunk):
        if one.read(len(there)) != there:
            return 0
        done += len(there)
    return done


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems of sticks cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
