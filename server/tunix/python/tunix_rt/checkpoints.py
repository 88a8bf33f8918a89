"""What the model answers on the way: some evaluation items, every so many steps of a training."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator
from typing import Any

from tunix_rt import data, predict
from tunix_rt.events import Events
from tunix_rt.trainer import Trainer


class CheckpointPredictions:
  """Predicts the same records with the weights of each wanted step; one file and event for each."""

  def __init__(
    self,
    trainer: Trainer,
    generator: predict.Generator,
    records: list[data.Record],
    options: dict[str, Any],
    attempt_dir: pathlib.Path,
    events: Events,
    should_stop: Callable[[], bool],
  ):
    """`options` holds `every_steps` and `skip_steps`: those an earlier attempt has seen to."""
    self._trainer = trainer
    self._generator = generator
    self._records = records
    self._every = options['every_steps']
    self._done = set(options.get('skip_steps', ()))
    self._attempt_dir = attempt_dir
    self._events = events
    self._should_stop = should_stop

  def between(self, batches: Iterator[Any]) -> Iterator[Any]:
    """Passes batches on, and predicts before the one after a wanted step.

    The trainer asks for one batch more than it needs, so the last step is seen to as well. It ends
    when a stop comes in the middle: the checkpoint saved then is of that step, and whoever goes on
    from it comes here first.
    """
    for batch in batches:
      if not self._catch_up():
        return
      yield batch

  def _catch_up(self) -> bool:
    step = self._trainer.train_steps
    if step == 0 or step % self._every or step in self._done:
      return True
    if not self._trainer.pause(lambda: self._predict(step)):
      return False
    self._done.add(step)
    return True

  def _predict(self, step: int) -> bool:
    output = self._attempt_dir / f'predictions-{step}.jsonl'
    self._generator.refresh()
    splits = {'eval': self._records}
    if not predict.predict(self._generator, splits, output, self._should_stop):
      return False
    self._events.emit('checkpoint_predictions', step=step, items=len(self._records))
    return True
