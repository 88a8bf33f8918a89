"""Tunix RT from notebooks and scripts: see README.md beside this package."""

from .client import Client, Run, connect
from .cursor import Cursor
from .errors import ApiError, ConnectionLostError, TunixRtError
from .events import Completed, Event, Gap, Log, Metrics, OpenLine, Point, RunEvent
from .history import History

__all__ = [
  'ApiError',
  'Client',
  'Completed',
  'ConnectionLostError',
  'Cursor',
  'Event',
  'Gap',
  'History',
  'Log',
  'Metrics',
  'OpenLine',
  'Point',
  'Run',
  'RunEvent',
  'TunixRtError',
  'connect',
]
