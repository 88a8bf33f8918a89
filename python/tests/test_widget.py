"""The live view of a run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, cast

from tunix_rt_client import (
  ApiError,
  Client,
  Completed,
  Event,
  Log,
  Metrics,
  OpenLine,
  Point,
  Run,
  RunEvent,
)
from tunix_rt_client.widget import RunWidget

AT = '2026-01-01T00:00:00.000Z'


class Stream:
  """A client that brings these events, and stops runs by keeping them."""

  def __init__(self, *events: RunEvent | Exception) -> None:
    self.events = events
    self.stopped: list[Run] = []

  async def follow_async(self, _run: Run, _cursor: Any) -> AsyncGenerator[RunEvent]:
    for event in self.events:
      if isinstance(event, Exception):
        raise event
      yield event

  def cancel(self, run: Run) -> None:
    self.stopped.append(run)


def watch(*events: RunEvent | Exception) -> tuple[RunWidget, Stream]:
  """A widget that has seen all that there is."""
  stream = Stream(*events)

  async def see() -> RunWidget:
    widget = RunWidget(cast(Client, stream), Run('id', 7))
    await widget.task
    return widget

  return asyncio.run(see()), stream


def point(step: int, value: float | None) -> Metrics:
  return Metrics(step, (Point('train/loss', step, 1, value, AT),))


def test_it_shows_status_curve_and_last_lines() -> None:
  widget, _ = watch(
    Event(1, 1, 'STARTED', AT, {}),
    Log(1, 2, 1, 'STDOUT', AT, 'one <b>\n10 %\r20 %\n'),
    point(1, 3.0),
    point(2, None),
    point(3, 1.0),
    OpenLine(3, 1, 'STDERR', 'still & going'),
    Completed('COMPLETED', 0),
  )
  head, curve, tail, button = widget.children
  assert head.value == '<b>Run 7</b>: COMPLETED'
  assert 'points="0.0,0.0 480.0,120.0"' in curve.value
  assert 'loss 1 at step 3' in curve.value
  assert tail.value == '<pre>one &lt;b&gt;\n20 %\nstill &amp; going</pre>'
  assert button.disabled


def test_it_says_why_it_ended_early_and_its_button_stops_the_run() -> None:
  widget, stream = watch(ApiError('no', 'FORBIDDEN'))
  assert 'FORBIDDEN' in widget.children[0].value
  widget.children[3].click()
  assert stream.stopped == [Run('id', 7)]
