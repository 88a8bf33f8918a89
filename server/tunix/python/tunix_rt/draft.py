"""Directories that are made aside and renamed when they are complete."""

from __future__ import annotations

import contextlib
import fcntl
import glob
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator

_ABANDONED_SECONDS = 60


@contextlib.contextmanager
def draft_of(target: pathlib.Path) -> Iterator[pathlib.Path]:
  """An empty directory beside `target`, gone in the end unless it was renamed."""
  target.parent.mkdir(parents=True, exist_ok=True)
  prefix = f'.{target.name}-'
  for abandoned in target.parent.glob(glob.escape(prefix) + '*'):
    _remove_abandoned(abandoned)
  draft = pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
  lock = os.open(draft, os.O_RDONLY)
  try:
    _try_lock(lock)
    _remove_on_signal(draft)
    os.chmod(draft, 0o755)
    yield draft
  finally:
    os.close(lock)
    shutil.rmtree(draft, ignore_errors=True)


def _remove_abandoned(draft: pathlib.Path) -> None:
  """Removes a draft whose process was killed: nobody holds its lock, and it is not just made."""
  try:
    lock = os.open(draft, os.O_RDONLY | os.O_DIRECTORY)
  except OSError:
    return
  try:
    if time.time() - os.fstat(lock).st_mtime > _ABANDONED_SECONDS and _try_lock(lock):
      shutil.rmtree(draft, ignore_errors=True)
  finally:
    os.close(lock)


def _try_lock(descriptor: int) -> bool:
  try:
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
  except OSError:
    return False  # Held by its process, or a file system without locks.
  return True


def _remove_on_signal(draft: pathlib.Path) -> None:
  """Leaves nothing behind on SIGTERM and SIGINT.

  A transfer cannot be woken, and its threads would go on to write while the draft is removed. So
  another program takes over this process, which ends all of them at once.
  """
  remove = 'import os, shutil, sys; shutil.rmtree(sys.argv[1], True); os._exit(int(sys.argv[2]))'

  def end(number: int, frame: object) -> None:
    command = [sys.executable, '-I', '-S', '-c', remove, str(draft), str(128 + number)]
    os.execv(sys.executable, command)

  for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, end)
