"""Files that are either whole or absent, and a lock that dies with its process."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError, StoreError

__all__ = [
    "LOCK_NAME",
    "folder_lock",
    "make_folder",
    "path_argument",
    "remove_partial_files",
    "results_folder",
    "write_whole",
]

LOCK_NAME = ".lock"
_PARTIAL = ".partial"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash at any instant, finds the old content or the new one.

    The bytes go to a temporary name in the same folder, are flushed to the device, then renamed.

    Raises
    ------
    StoreError
        If the disk is full or the folder cannot be written; the temporary file is removed and the old one
        untouched.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_PARTIAL}")
    try:
        try:
            _write_flushed(temporary, data)
            os.replace(temporary, path)
            _flush_folder(path.parent)
        finally:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
    except OSError as error:
        raise _store_error(error, path) from error


def _write_flushed(path: Path, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if sys.platform == "win32":  # a folder cannot be opened there; the rename itself is journalled
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _store_error(error: OSError, path: Path) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        command = f"crosscurrent resume {path_argument(results_folder(path))}"
        return StoreError(
            f"the disk is full: {path.name} was not written, everything finished before is kept",
            fix=f"free some space, then go on with `{command}`",
            file=path.parent,
        )
    return StoreError(f"cannot write {path.name}: {error.strerror or error}", file=path.parent)


def results_folder(path: Path) -> Path:
    """The results folder a file inside it belongs to."""
    return path.parent.parent if path.parent.name == "shards" else path.parent


def path_argument(path: Path) -> str:
    """A path as one would type it in a shell."""
    import shlex

    return shlex.quote(str(path))


def make_folder(path: Path) -> None:
    """Make a folder and those above it.

    Raises
    ------
    InputError
        If that is not possible: no permission, a read-only disk, or a file of that name.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"cannot make the output folder: {error.strerror or error}",
            given=str(path),
            expected="a folder to write to",
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise StoreError("the output folder is read-only", given=str(path), expected="a folder to write to")


def remove_partial_files(folder: Path) -> None:
    """Remove what a killed process left half-written; call it under the lock only."""
    for path in [*folder.glob(f".*{_PARTIAL}"), *folder.glob(f"shards/.*{_PARTIAL}")]:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to the same results folder.

    The operating system holds the lock, so a killed process leaves none behind; the file only says whose it
    is.

    Raises
    ------
    StoreError
        If another process holds it, naming the process.
    """
    path = folder / LOCK_NAME
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(
            f"cannot write to the results folder: {error.strerror}", given=str(folder)
        ) from error
    try:
        if not _try_lock(descriptor):
            owner = os.read(descriptor, 32).decode("ascii", "replace").strip()
            raise StoreError(
                f"another process{f' (number {owner})' if owner else ''} is writing to this results folder",
                given=str(folder), fix="wait for it, stop it, or choose another folder",
            )  # fmt: skip
        try:
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        except OSError as error:
            raise _store_error(error, path) from error
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        raise
    return True
