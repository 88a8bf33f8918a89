"""How far a download is, in lines on stderr."""

from __future__ import annotations

import contextlib
import pathlib
import sys
import threading
import time
from collections.abc import Iterator

_REPORT_SECONDS = 10


@contextlib.contextmanager
def reporting(directory: pathlib.Path, sizes: dict[str, int]) -> Iterator[None]:
  """Reports on stderr every file that is complete, and now and then how much has come in all."""
  over = threading.Event()
  reporter = threading.Thread(target=_report, args=(directory, sizes, over), daemon=True)
  reporter.start()
  try:
    yield
  finally:
    over.set()
    reporter.join()


def _report(directory: pathlib.Path, sizes: dict[str, int], over: threading.Event) -> None:
  pending = sorted(sizes)
  reported = time.monotonic()
  while pending:
    last = over.wait(0.5)
    for name in [name for name in pending if (directory / name).exists()]:
      say(f'{name}: {readable_size(sizes[name])}')
      pending.remove(name)
    if last:
      return
    if time.monotonic() - reported >= _REPORT_SECONDS:
      reported = time.monotonic()
      say(f'{readable_size(_size_of(directory))} of {readable_size(sum(sizes.values()))}')


def _size_of(directory: pathlib.Path) -> int:
  total = 0
  for file in directory.rglob('*'):
    with contextlib.suppress(OSError):  # It is renamed once it is complete.
      total += file.stat().st_size if file.is_file() else 0
  return total


def readable_size(size: int) -> str:
  """Bytes as `1.5 GB`."""
  value = float(size)
  for unit in ('B', 'kB', 'MB'):
    if value < 1000:
      return f'{value:.3g} {unit}'
    value /= 1000
  return f'{value:.1f} GB'


def say(line: str) -> None:
  """Prints a line on stderr at once."""
  print(line, file=sys.stderr, flush=True)
