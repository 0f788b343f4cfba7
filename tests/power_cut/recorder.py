"""Listens at SQLite's own door to the operating system while real programs run in this process.

*Upstream*: the SQLite library that Python's `sqlite3` stands on, by ctypes. *Downstream*: `scenario`.

SQLite does all its input and output through a table of functions, the VFS. Here the process's default VFS gets our
functions for opening and deleting, and every file opened under the watched folder gets ours for writing, cutting and
syncing; each notes what is asked and hands it on. Nothing of the kernel is needed: no ptrace, no mount, no root. The
`-shm` file is not recorded: it is shared memory, and SQLite makes it anew after a power cut.
"""

from __future__ import annotations

import _sqlite3
import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any

from tests.power_cut.trace import Acknowledged, Created, DirectorySynced, Operation, Removed, Synced, Trace, Written
from tests.power_cut.trace import Truncated as Cut

OK = 0
SHARED_MEMORY = "-shm"

XOpen = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
XDelete = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
XWrite = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
XTruncate = CFUNCTYPE(c_int, c_void_p, c_int64)
XSync = CFUNCTYPE(c_int, c_void_p, c_int)
XSetCall = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p)
XGetCall = CFUNCTYPE(c_void_p, c_void_p, c_char_p)
OpenDirectory = CFUNCTYPE(c_int, c_void_p, c_void_p)


class Methods(Structure):
    """`sqlite3_io_methods`, version 3."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", XWrite),
        ("truncate", XTruncate),
        ("sync", XSync),
        *((f"other_{number}", c_void_p) for number in range(13)),
    )


class OpenFile(Structure):
    """`sqlite3_file`."""

    _fields_ = (("methods", POINTER(Methods)),)


class Vfs(Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("following", c_void_p),
        ("name", c_char_p),
        ("own", c_void_p),
        ("open", XOpen),
        ("delete", XDelete),
        *((f"other_{number}", c_void_p) for number in range(11)),
        ("set_system_call", XSetCall),
        ("get_system_call", XGetCall),
        ("next_system_call", c_void_p),
    )


class Recorder:
    """The operations on the files of one folder, in the order in which SQLite asked for them."""

    def __init__(self, folder: Path) -> None:
        """Watch a folder; files that stand there already are taken to be on the disk."""
        self._folder = str(folder.resolve())
        self._operations: list[Operation] = []
        self._inodes: dict[str, int] = {}
        self._open: dict[int, int] = {}
        self._kept: list[object] = []  # what C points to must not be collected
        self._methods: dict[int, Methods] = {}
        self._directory_asked = False
        self.before = {each.name: each.read_bytes() for each in folder.iterdir() if not each.name.endswith(".json")}
        for name in self.before:
            self._inodes[name] = len(self._inodes)

    @property
    def trace(self) -> Trace:
        """What was asked so far."""
        return tuple(self._operations)

    def acknowledge(self, recorded: frozenset[str], settled: frozenset[str]) -> None:
        """Note that the program has said so at this instant."""
        self._operations.append(Acknowledged(recorded, settled))

    def name_of(self, path: bytes | None) -> str | None:
        """Return the name of a watched file, or None."""
        folder, _, name = (path or b"").decode().rpartition("/")
        return name if folder == self._folder and not name.endswith(SHARED_MEMORY) else None

    def created(self, name: str) -> None:
        """Note a new name."""
        self._inodes[name] = max(self._inodes.values(), default=-1) + 1
        self._operations.append(Created(name, self._inodes[name]))

    def removed(self, name: str, *, durably: bool) -> None:
        """Note that a name was taken away."""
        self._operations.append(Removed(name))
        if durably:
            self._operations.append(DirectorySynced())

    def opened(self, file: int, name: str) -> None:
        """Put our functions before those of an opened file."""
        self._open[file] = self._inodes[name]
        opened = OpenFile.from_address(file)
        at = ctypes.addressof(opened.methods.contents)
        if at not in self._methods:
            self._methods[at] = self._listening(opened.methods.contents)
        opened.methods = ctypes.pointer(self._methods[at])

    def _listening(self, theirs: Methods) -> Methods:
        ours = Methods.from_buffer_copy(theirs)
        write, truncate, sync = theirs.write, theirs.truncate, theirs.sync

        def on_write(file: int, content: int, size: int, offset: int) -> int:
            self._operations.append(Written(self._open[file], offset, ctypes.string_at(content, size)))
            return int(write(file, content, size, offset))

        def on_truncate(file: int, size: int) -> int:
            self._operations.append(Cut(self._open[file], size))
            return int(truncate(file, size))

        def on_sync(file: int, flags: int) -> int:
            self._directory_asked = False
            done = int(sync(file, flags))
            self._operations.append(Synced(self._open[file]))
            if self._directory_asked:
                self._operations.append(DirectorySynced())
            return done

        ours.write, ours.truncate, ours.sync = XWrite(on_write), XTruncate(on_truncate), XSync(on_sync)
        self._kept += [ours, theirs, write, truncate, sync]
        return ours

    def directory_opened(self) -> None:
        """Note that the folder is about to be synced; SQLite opens it for nothing else."""
        self._directory_asked = True


@contextmanager
def recording(folder: Path) -> Iterator[Recorder]:
    """Record what SQLite asks of the files in a folder; only files opened within the block are heard."""
    recorder, vfs = Recorder(folder), default_vfs()
    theirs = XOpen.from_buffer_copy(vfs.open), XDelete.from_buffer_copy(vfs.delete)
    vfs_at, name = ctypes.addressof(vfs), b"openDirectory"
    directory_at = vfs.get_system_call(vfs_at, name)
    ours = _on_open(recorder, theirs[0]), _on_delete(recorder, theirs[1]), _on_directory(recorder, directory_at)
    vfs.open, vfs.delete = ours[0], ours[1]
    vfs.set_system_call(vfs_at, name, ctypes.cast(ours[2], c_void_p))
    try:
        yield recorder
    finally:
        vfs.open, vfs.delete = theirs
        vfs.set_system_call(vfs_at, name, directory_at)


def default_vfs() -> Vfs:
    """Return the VFS that Python's own SQLite uses.

    Raises:
        OSError, AttributeError: this Python hides its SQLite; Debian's, python.org's and pyenv's do not.
    """
    library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))  # the very copy that `sqlite3` calls
    library.sqlite3_vfs_find.restype = c_void_p
    return Vfs.from_address(library.sqlite3_vfs_find(None))


def _on_open(recorder: Recorder, theirs: Callable[..., Any]) -> Any:
    def on_open(vfs: int, path: int | None, file: int, flags: int, out: int | None) -> int:
        name = recorder.name_of(ctypes.string_at(path) if path else None)
        is_new = name is not None and not Path(ctypes.string_at(path or 0).decode()).exists()
        done = int(theirs(vfs, path, file, flags, out))
        if done == OK and name is not None:
            if is_new:
                recorder.created(name)
            recorder.opened(file, name)
        return done

    return XOpen(on_open)


def _on_delete(recorder: Recorder, theirs: Callable[..., Any]) -> Any:
    def on_delete(vfs: int, path: bytes, sync: int) -> int:
        there = Path(path.decode()).exists()
        done = int(theirs(vfs, path, sync))
        name = recorder.name_of(path)
        if there and done == OK and name is not None:
            recorder.removed(name, durably=bool(sync))
        return done

    return XDelete(on_delete)


def _on_directory(recorder: Recorder, theirs_at: int) -> Any:
    theirs = OpenDirectory(theirs_at)

    def on_directory(path: int, descriptor: int) -> int:
        recorder.directory_opened()
        return int(theirs(path, descriptor))

    return OpenDirectory(on_directory)
