"""An event loop of its own: plain calls work where one runs already, as in a notebook."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator
from typing import Any, TypeVar

T = TypeVar('T')


class Background:
  """Runs coroutines on a thread that ends with the program."""

  def __init__(self) -> None:
    self._lock = threading.Lock()
    self._loop: asyncio.AbstractEventLoop | None = None

  def _running(self) -> asyncio.AbstractEventLoop:
    with self._lock:
      if self._loop is None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name='tunix-rt', daemon=True).start()
      return self._loop

  def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns. An interrupt of the caller, such as Ctrl-C, cancels it."""
    future = asyncio.run_coroutine_threadsafe(coroutine, self._running())
    try:
      return future.result()
    except BaseException:
      future.cancel()
      raise

  def iterate(self, stream: AsyncGenerator[T]) -> Iterator[T]:
    """What a stream brings, one by one: the next is asked for when the caller asks."""

    async def ask() -> tuple[T] | None:
      try:
        return (await anext(stream),)
      except StopAsyncIteration:
        return None

    try:
      while (item := self.run(ask())) is not None:
        yield item[0]
    finally:
      self.run(stream.aclose())
