"""What came of a run so far, in a file that says by itself where to go on."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .cursor import Cursor
from .errors import TunixRtError
from .events import Completed, Log, Metrics, OpenLine, Point, RunEvent, from_record, to_record

if TYPE_CHECKING:
  import pandas


class History:
  """A cursor that keeps what it has passed: one line of JSON for each event.

  An event and the place behind it are one line, so a kernel that dies between two instructions
  loses nothing and gets nothing twice. A line that was cut off by the end of the machine is
  dropped. One program at a time writes to a file, and it is of one run.

  Attributes:
    events: everything that came, in order, from this and earlier programs.
    run_id: the run it is of; None before it has been followed.
  """

  def __init__(self, path: str | os.PathLike[str]) -> None:
    self.path = Path(path)
    self.cursor = Cursor()
    self.events: list[RunEvent] = []
    self.run_id: str | None = None
    self.path.parent.mkdir(parents=True, exist_ok=True)
    self._file = self.path.open('a+b')
    self._read()

  def _read(self) -> None:
    self._file.seek(0)
    end = 0
    for line in self._file:
      if not line.endswith(b'\n'):
        break
      record = json.loads(line)
      if record['type'] == 'Run':
        self.run_id = record['id']
      else:
        self._keep(from_record(record))
      end += len(line)
    self._file.truncate(end)
    self._file.seek(end)

  def _keep(self, event: RunEvent) -> None:
    self.events.append(event)
    self.cursor.take(event)

  def take(self, event: RunEvent) -> None:
    """Writes an event behind the others. An unfinished line is no part of the history."""
    if isinstance(event, OpenLine):
      return
    self._write(to_record(event))
    self._keep(event)

  def bind(self, run_id: str) -> None:
    """Says which run it is of. Raises TunixRtError when it is of another one."""
    if self.run_id is None:
      self._write({'type': 'Run', 'id': run_id})
      self.run_id = run_id
    elif self.run_id != run_id:
      raise TunixRtError(f'{self.path} is the history of another run. Use a file of its own.')

  def _write(self, record: dict[str, Any]) -> None:
    self._file.write(json.dumps(record).encode() + b'\n')
    self._file.flush()

  @property
  def completed(self) -> Completed | None:
    """How the run ended; None while it goes on."""
    last = self.events[-1] if self.events else None
    return last if isinstance(last, Completed) else None

  @property
  def text(self) -> str:
    """The log, as it was written."""
    return ''.join(event.text for event in self.events if isinstance(event, Log))

  @property
  def points(self) -> list[Point]:
    """The points of all curves, in the order in which they came."""
    return [point for event in self.events if isinstance(event, Metrics) for point in event.points]

  def metrics_df(self) -> pandas.DataFrame:
    """The curves: a row for each step, a column for each series. Needs pandas."""
    import pandas

    rows = [(point.step, point.name, point.value) for point in self.points]
    frame = pandas.DataFrame(rows, columns=['step', 'name', 'value'])
    # The newest attempt counts where one has repeated steps of another.
    return frame.pivot_table(index='step', columns='name', values='value', aggfunc='last')

  def close(self) -> None:
    """Closes the file; what was read stays."""
    self._file.close()

  def __enter__(self) -> Self:
    return self

  def __exit__(
    self,
    kind: type[BaseException] | None,
    error: BaseException | None,
    trace: TracebackType | None,
  ) -> None:
    self.close()
