"""Ends of a run that come from outside: stop signals, and a parent that died."""

from __future__ import annotations

import os
import signal
import threading


class StopSignal:
  """Turns SIGTERM and SIGINT into a flag, so that training can end with a checkpoint.

  Install it before the slow imports: the default action would end the process without a word.
  """

  def __init__(self) -> None:
    self.requested = False

  def install(self) -> StopSignal:
    """Starts to listen. Main thread only."""
    signal.signal(signal.SIGTERM, self._on_signal)
    signal.signal(signal.SIGINT, self._on_signal)
    return self

  def _on_signal(self, number: int, frame: object) -> None:
    self.requested = True


def die_with_parent() -> None:
  """Kills this process group as soon as standard input ends.

  The parent holds the other end of the pipe and never writes; the kernel closes it however the
  parent dies, SIGKILL included. SIGKILL for us too: with nobody left to read the result, a
  graceful end would only let two attempts write the same checkpoints.
  """
  threading.Thread(target=_wait_for_end_of_input, name='parent', daemon=True).start()


def _wait_for_end_of_input() -> None:
  try:
    while os.read(0, 4096):
      pass
  except OSError:
    pass  # No standard input at all: nobody watches over this process.
  if os.getpgrp() == os.getpid():
    os.killpg(os.getpgrp(), signal.SIGKILL)
  # Started without a group of its own: killing the group would hit whoever started us.
  os.kill(os.getpid(), signal.SIGKILL)
