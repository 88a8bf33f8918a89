"""The attempt's event file: strict JSON, one object per line, written as things happen.

Readers tail this file; the log on stderr is for people. Every line has `time` (seconds since the
epoch) and `event`.
"""

from __future__ import annotations

import json
import math
import pathlib
import sys
import threading
import time
from typing import Any

# Too many to read; the others are worth a line in the log.
_SILENT = ('metric', 'progress', 'predictions')


def strict(value: Any) -> Any:
  """Returns `value` as something strict JSON can hold.

  NaN and the infinities become the strings "NaN", "Infinity" and "-Infinity": JSON has no numbers
  for them, and a loss that is NaN is exactly what a reader must not miss. Arrays of one number
  (NumPy, JAX) become that number.
  """
  if isinstance(value, dict):
    return {str(key): strict(item) for key, item in value.items()}
  if isinstance(value, (list, tuple)):
    return [strict(item) for item in value]
  if value is None or isinstance(value, (str, bool, int)):
    return value
  if hasattr(value, 'item'):
    return strict(value.item())
  if isinstance(value, float):
    if math.isnan(value):
      return 'NaN'
    if math.isinf(value):
      return 'Infinity' if value > 0 else '-Infinity'
    return value
  return str(value)


def to_line(value: dict[str, Any]) -> str:
  """Returns one line of strict JSON, newline included. Lone surrogates are escaped, not refused."""
  return json.dumps(strict(value), allow_nan=False, separators=(',', ':')) + '\n'


class Events:
  """Appends events to a file. Safe to use from several threads; silent after `close`."""

  def __init__(self, path: str | pathlib.Path):
    """Opens `path` for appending, so that a resumed attempt continues its own file."""
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    # Line buffered: a line is either wholly there or not at all when the process is killed.
    self._file = open(path, 'a', encoding='utf-8', buffering=1)
    self._lock = threading.Lock()

  def emit(self, event: str, **fields: Any) -> None:
    """Writes one event now."""
    line = to_line({'time': time.time(), 'event': event, **fields})
    with self._lock:
      if self._file.closed:
        return
      self._file.write(line)
    if event not in _SILENT:
      print(f'[tunix_rt] {event} {to_line(fields)}', end='', file=sys.stderr, flush=True)

  def metric(self, name: str, step: int, value: Any) -> None:
    """Writes one scalar, named like `train/loss`, measured at training step `step`."""
    self.emit('metric', name=name, step=int(step), value=value)

  def close(self) -> None:
    """Closes the file; later events are dropped."""
    with self._lock:
      self._file.close()
