"""Where in the stream of a run a program is."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from .events import Event, Gap, Log, Metrics, RunEvent


@dataclass(slots=True)
class Cursor:
  """The numbers of the last line, event and metric point that came; 0 before the first."""

  log: int = 0
  events: int = 0
  metrics: int = 0

  def take(self, event: RunEvent) -> None:
    """Moves behind an event."""
    match event:
      case Log():
        self.log = event.last_seq
      case Gap():
        self.log = event.seq
      case Event():
        self.events = event.seq
      case Metrics():
        self.metrics = event.last_seq

  def save(self, path: str | os.PathLike[str]) -> None:
    """Writes it to a file, which is the old one or the new one at any moment."""
    target = Path(path)
    draft = target.with_name(f'{target.name}.draft')
    draft.write_text(json.dumps(asdict(self)))
    draft.replace(target)

  @classmethod
  def load(cls, path: str | os.PathLike[str]) -> Cursor:
    """Reads it from a file; the beginning when there is none."""
    try:
      return cls(**json.loads(Path(path).read_text()))
    except FileNotFoundError:
      return cls()
