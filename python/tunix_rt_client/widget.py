"""A live view of a run in a notebook."""

from __future__ import annotations

import asyncio
import html
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import ipywidgets

from .errors import TunixRtError
from .events import Completed, Event, Log, Metrics, OpenLine, RunEvent

if TYPE_CHECKING:
  from .client import Client, Run
  from .follow import Place

_LINES = 20
_DRAW_SECONDS = 0.25
_WIDTH, _HEIGHT = 480, 120


class RunWidget(ipywidgets.VBox):
  """Status, loss curve and last lines of a run, and a button that stops it.

  It follows the run while the cells of the notebook do other things. Needs a running event loop,
  which notebooks have.

  Attributes:
    task: ends when the run does.
  """

  def __init__(self, client: Client, run: Run, cursor: Place | None = None) -> None:
    self._client = client
    self._run = run
    self._status = 'waiting'
    self._losses: dict[int, float] = {}
    self._lines: deque[str] = deque(maxlen=_LINES)
    self._open_line = ''
    self._drawn_at = 0.0
    self._head = ipywidgets.HTML()
    self._curve = ipywidgets.HTML()
    self._tail = ipywidgets.HTML()
    self._button = ipywidgets.Button(description='Stop the run', icon='stop')
    self._button.on_click(self._stop)
    super().__init__([self._head, self._curve, self._tail, self._button])
    self._draw()
    self.task = asyncio.get_running_loop().create_task(self._watch(cursor))

  async def _watch(self, cursor: Place | None) -> None:
    try:
      async for event in self._client.follow_async(self._run, cursor):
        self._take(event)
        if time.monotonic() - self._drawn_at > _DRAW_SECONDS:
          self._draw()
    except TunixRtError as error:
      self._status = str(error)
    self._button.disabled = True
    self._draw()

  def _take(self, event: RunEvent) -> None:
    match event:
      case Log():
        self._lines.extend(event.lines)
        self._open_line = ''
      case OpenLine():
        self._open_line = event.text
      case Metrics():
        for point in event.points:
          if point.name == 'train/loss' and point.value is not None:
            self._losses[point.step] = point.value
      case Event():
        self._status = event.kind.lower().replace('_', ' ')
      case Completed():
        self._status = event.status

  def _stop(self, _button: Any) -> None:
    try:
      self._client.cancel(self._run)
    except TunixRtError as error:
      self._status = str(error)
      self._draw()

  def _draw(self) -> None:
    self._drawn_at = time.monotonic()
    self._head.value = f'<b>Run {self._run.number}</b>: {html.escape(self._status)}'
    self._curve.value = _curve_of(self._losses)
    lines = [line.rstrip('\r').rpartition('\r')[2] for line in [*self._lines, self._open_line]]
    self._tail.value = f'<pre>{html.escape(chr(10).join(lines))}</pre>'


def _curve_of(losses: dict[int, float]) -> str:
  """The losses as a line, with the last one in words; nothing before the second."""
  if len(losses) < 2:
    return ''
  steps = sorted(losses)
  low, high = min(losses.values()), max(losses.values())
  across, up = steps[-1] - steps[0], (high - low) or 1.0
  points = ' '.join(
    f'{_WIDTH * (step - steps[0]) / across:.1f},{_HEIGHT * (high - losses[step]) / up:.1f}'
    for step in steps
  )
  return (
    f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="Loss by step">'
    f'<polyline points="{points}" fill="none" stroke="currentColor"/></svg>'
    f'<div>loss {losses[steps[-1]]:.4g} at step {steps[-1]}</div>'
  )
