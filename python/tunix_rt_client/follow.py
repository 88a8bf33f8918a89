"""A run to its end: its log, its curves and what happens to it, as one stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from . import documents
from .connection import Connection, messages_of, patiently
from .cursor import Cursor
from .errors import ConnectionLostError
from .events import Completed, RunEvent, from_message
from .history import History

# How many messages may wait for the program; the server waits then.
_BACKLOG = 32


# Where a stream goes on; told of each event before the program is.
Place = Cursor | History


async def follow_run(
  connection: Connection, run_id: str, place: Place, patience: float
) -> AsyncGenerator[RunEvent]:
  """The events of a run from a place on, until it is over; see `Client.follow`."""
  if isinstance(place, History):
    place.bind(run_id)
    if place.completed:
      return
  cursor = place.cursor if isinstance(place, History) else place
  attempts = patiently(lambda: _attempt(connection, run_id, cursor), patience)
  async with aclosing(attempts) as events:
    async for event in events:
      place.take(event)
      yield event


async def _attempt(connection: Connection, run_id: str, cursor: Cursor) -> AsyncGenerator[RunEvent]:
  """One connection with both streams on it, until both are over or it breaks."""
  waiting: asyncio.Queue[dict[str, Any] | Exception] = asyncio.Queue(_BACKLOG)

  async def pump(session: Any, document: str, **variables: str) -> None:
    try:
      async for message in messages_of(session, document, {'runId': run_id, **variables}):
        await waiting.put(message)
        if message['__typename'] == 'StreamCompleted':
          return
      await waiting.put(ConnectionLostError('The stream ended early.'))
    except Exception as error:
      await waiting.put(error)

  async with connection.socket() as session:
    log = pump(session, documents.FOLLOW_LOG, after=str(cursor.log))
    events = pump(
      session,
      documents.FOLLOW_EVENTS,
      after=str(cursor.events),
      metricsAfter=str(cursor.metrics),
    )
    tasks = [asyncio.create_task(log), asyncio.create_task(events)]
    try:
      open_streams = len(tasks)
      while open_streams:
        message = await waiting.get()
        if isinstance(message, Exception):
          raise message
        event = from_message(message)
        if isinstance(event, Completed):
          open_streams -= 1
          if open_streams:
            continue
        if event is not None:
          yield event
    finally:
      for task in tasks:
        task.cancel()
      await asyncio.gather(*tasks, return_exceptions=True)
