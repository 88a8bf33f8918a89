"""What the stream of a run brings."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Log:
  """Consecutive lines of one stream of the log, each with its newline as it was written."""

  first_seq: int
  last_seq: int
  attempt: int
  stream: str
  at: str
  text: str

  @property
  def lines(self) -> list[str]:
    """The lines one by one, without their newlines."""
    return self.text.split('\n')[: self.last_seq - self.first_seq + 1]


@dataclass(frozen=True, slots=True)
class Gap:
  """A mark in the log: here lines were lost before they reached the server."""

  seq: int
  attempt: int
  at: str
  lost_lines: int
  lost_bytes: int


@dataclass(frozen=True, slots=True)
class OpenLine:
  """What stands in a line that is not finished, such as a progress bar; not part of the log."""

  seq: int
  attempt: int
  stream: str
  text: str


@dataclass(frozen=True, slots=True)
class Point:
  """One point of a curve; `value` is None when it is not finite."""

  name: str
  step: int
  attempt: int
  value: float | None
  at: str


@dataclass(frozen=True, slots=True)
class Metrics:
  """New points of the curves; `last_seq` is the number of the last one in the run."""

  last_seq: int
  points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Event:
  """Something that happened to the run: `STARTED`, `CHECKPOINT`, `EVALUATED`, …"""

  seq: int
  attempt: int
  kind: str
  at: str
  data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Completed:
  """The run and its evaluations are over, and everything was delivered."""

  status: str
  exit_code: int | None


RunEvent = Log | Gap | OpenLine | Metrics | Event | Completed

_TYPES: dict[str, type[Any]] = {
  each.__name__: each for each in (Log, Gap, OpenLine, Metrics, Event, Completed)
}


def from_message(message: dict[str, Any]) -> RunEvent | None:
  """A message of `runLogs` or `runEvents`; None for what says nothing new."""
  kind = message['__typename']
  if kind == 'LogBatch':
    return Log(
      int(message['firstSeq']),
      int(message['lastSeq']),
      message['attempt'],
      message['stream'],
      message['at'],
      message['text'],
    )
  if kind == 'LogGap':
    lost = int(message['lostLines']), int(message['lostBytes'])
    return Gap(int(message['seq']), message['attempt'], message['at'], *lost)
  if kind == 'LogOpenLine':
    return OpenLine(int(message['seq']), message['attempt'], message['stream'], message['text'])
  if kind == 'MetricUpdate':
    points = (
      Point(series['name'], point['step'], point['attempt'], point['value'], point['at'])
      for series in message['series']
      for point in series['points']
    )
    return Metrics(int(message['lastSeq']), tuple(points))
  if kind == 'RunEventNotice':
    event = message['event']
    return Event(
      int(event['seq']), event['attempt'], event['kind'], event['at'], event['data'] or {}
    )
  if kind == 'StreamCompleted':
    return Completed(message['status'], message['exitCode'])
  return None


def to_record(event: RunEvent) -> dict[str, Any]:
  """An event as an object of JSON, with its type."""
  return {'type': type(event).__name__, **dataclasses.asdict(event)}


def from_record(record: dict[str, Any]) -> RunEvent:
  """The event that `to_record` made an object of."""
  fields = dict(record)
  kind = fields.pop('type')
  if kind == 'Metrics':
    fields['points'] = tuple(Point(**point) for point in fields['points'])
  event: RunEvent = _TYPES[kind](**fields)
  return event
