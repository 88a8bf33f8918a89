"""Tunix's trainer, made to report the truth.

Only extension points and reporting are overridden; the loop, the optimizer, the checkpoints and the
compiled step are Tunix's own. What differs in the numbers:

- the evaluation loss is the mean over all tokens of that evaluation. Tunix logs the mean of batch
  means, and prints the mean of all evaluations so far;
- the learning rate of a step is the one that step used. Tunix reads it one step later;
- a training whose loss is no number any more ends. Tunix would go on to the last step.
"""

from __future__ import annotations

import math
import pathlib
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from absl import logging
from tunix.sft import metrics_logger, peft_trainer
from tunix.sft import utils as sft_utils

from tunix_rt import memory
from tunix_rt.events import Events

_PROGRESS_INTERVAL = 0.1
_SCAN_INTERVAL = 0.2
# A loss can overflow once and recover; weights that are NaN never do.
_MOST_NOT_FINITE = 3


def model_inputs(batch: dict[str, Any]) -> dict[str, Any]:
  """Turns a batch (see data.to_batch) into the arguments of `token_loss`."""
  return {
    'tokens': batch['tokens'],
    'loss': batch['loss'],
    'positions': sft_utils.build_positions_from_mask(batch['valid']),
    'attention_mask': sft_utils.make_causal_attn_mask(batch['valid']),
  }


def token_loss(
  model: Any, tokens: Any, loss: Any, positions: Any, attention_mask: Any
) -> tuple[Any, dict[str, Any]]:
  """Returns the mean negative log likelihood (nats per token) where `loss` is true, and its parts.

  Arrays are [B, L], the attention mask [B, L, L]. Same value as Tunix's default loss, without its
  one-hot copy of the targets, which is as large as the logits.
  """
  logits, _ = model(tokens, positions, None, attention_mask)
  scores = optax.softmax_cross_entropy_with_integer_labels(
    logits[:, :-1].astype(jnp.float32), tokens[:, 1:]
  )
  weights = loss[:, 1:].astype(jnp.float32)
  total, count = jnp.sum(scores * weights), jnp.sum(weights)
  return total / jnp.maximum(count, 1), {'total': total, 'count': count}


class Trainer(peft_trainer.PeftTrainer):
  """PeftTrainer that writes events. `train_steps` counts updates of the weights, as in Tunix."""

  def __init__(
    self,
    model: Any,
    optimizer: Any,
    config: Any,
    events: Events,
    should_stop: Callable[[], bool],
  ):
    super().__init__(model, optimizer, config)
    self.with_gen_model_input_fn(model_inputs)
    self.with_loss_fn(token_loss, has_aux=True)
    self._events = events
    self._should_stop = should_stop
    self._eval_batches: list[Any] = []
    self._last_eval_step: int | None = None
    self._eval_parts: list[dict[str, Any]] = []
    self._token_counts: dict[int, int] = {}
    self._tokens_trained = 0
    self._learning_rates: dict[int, Any] = {}
    self._reported_rate: Any = None
    self._clock: float | None = None
    self._last_progress = 0.0
    self._last_scan = 0.0
    self._not_finite = 0
    self._pending_progress: int | None = None
    self._seen_checkpoints = set(self._committed_checkpoints())

  def fit(self, train_batches: Iterable[Any], eval_batches: list[Any]) -> None:
    """Trains until the batches end or `max_steps` is reached; saves, and closes everything."""
    self._eval_batches = eval_batches
    self.train(self._count_skipped(train_batches), eval_batches or None)
    self._report_checkpoints()

  def pause(self, work: Callable[[], Any]) -> Any:
    """Does something else between two steps; its time counts for neither of them."""
    self._write_train_metrics()
    try:
      return work()
    finally:
      if self._clock is not None:
        self._clock = time.monotonic()

  # What goes into a step.

  def _count_skipped(self, batches: Iterable[Any]) -> Iterator[Any]:
    """Counts the tokens of what Tunix passes over because it was trained on before a resume."""
    for index, batch in enumerate(batches):
      if index < self.iter_steps:
        self._tokens_trained += int(batch['valid'].sum())
      yield batch

  def _prepare_inputs(self, input_data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    if self._mode == metrics_logger.Mode.TRAIN:
      counted = self._token_counts.get(self._train_steps, 0)
      self._token_counts[self._train_steps] = counted + int(input_data['valid'].sum())
    return input_data

  def _post_process_train_step(self, aux: Any) -> None:
    # A copy: the optimizer's own buffer is given away to the next step.
    rate = super()._try_get_learning_rate()
    self._learning_rates[self._train_steps] = None if rate is None else jnp.copy(rate)

  def _post_process_eval_step(self, aux: Any) -> None:
    self._eval_parts.append(aux)

  # What comes out of it.

  def _try_get_learning_rate(self) -> Any:
    return self._reported_rate

  def _write_metrics(self, metrics_buffer: Any) -> None:
    if self._mode != metrics_logger.Mode.TRAIN:
      super()._write_metrics(metrics_buffer)
      return
    # Tunix writes a step when the next one is under way, and has counted up by then.
    step = metrics_buffer.step
    self._reported_rate = self._learning_rates.pop(step - 1, None)
    super()._write_metrics(metrics_buffer)
    tokens = self._token_counts.pop(step - 1, 0)
    self._tokens_trained += tokens
    # First, so that whoever draws the others by it has it by then.
    self._events.metric('train/tokens', step, self._tokens_trained)
    self._events.metric('train/loss', step, metrics_buffer.loss)
    if self._reported_rate is not None:
      self._events.metric('train/learning_rate', step, self._reported_rate)
    norms, mean = metrics_buffer.additional_metrics['grad_norm']
    self._events.metric('train/grad_norm', step, mean([np.asarray(norm) for norm in norms]))
    now = time.monotonic()
    # The first step of a process has no speed: it is mostly compilation.
    if self._clock is not None and now > self._clock:
      self._events.metric('train/tokens_per_second', step, tokens / (now - self._clock))
    self._clock = now
    for kind, used in memory.fullest(jax.local_devices()).items():
      self._events.metric(f'device/memory_{kind}', step, used)
    self._report_progress(step, now)
    if now - self._last_scan >= _SCAN_INTERVAL:
      self._last_scan = now
      self._report_checkpoints()
    self._require_finite(float(metrics_buffer.loss), step)

  def _require_finite(self, loss: float, step: int) -> None:
    """Raises FloatingPointError when this is the third loss in a row that is no number."""
    self._not_finite = 0 if math.isfinite(loss) else self._not_finite + 1
    if self._not_finite == _MOST_NOT_FINITE:
      raise FloatingPointError(
        f'train/loss is {loss} at step {step}, and was no number for {self._not_finite} steps: '
        'the training has diverged'
      )

  def _run_eval(self, eval_ds: Any, eval_step_fn: Any) -> None:
    # The step before comes first, in the file as in time, and its speed without the evaluation.
    self._write_train_metrics()
    self._eval_parts = []
    super()._run_eval(self._until_stopped(eval_ds), eval_step_fn)
    if self._should_stop():
      return  # Perhaps not all of it was seen.
    parts = jax.device_get(self._eval_parts)
    count = sum(float(part['count']) for part in parts)
    if count:
      loss = sum(float(part['total']) for part in parts) / count
      self._events.metric('eval/loss', self._train_steps, loss)
      logging.info('Evaluation at step %d: loss %f over its tokens', self._train_steps, loss)
    self._last_eval_step = self._train_steps
    if self._clock is not None:
      self._clock = time.monotonic()

  def _until_stopped(self, batches: Iterable[Any]) -> Iterator[Any]:
    for batch in batches:
      if self._should_stop():
        return
      yield batch

  def _may_update_pbar(self, *args: Any, **kwargs: Any) -> None:
    """No progress bar: Tunix's recomputes its averages over all past steps at every step."""

  def close(self) -> None:
    """Writes what is pending, evaluates the final weights, saves the last checkpoint."""
    self._write_train_metrics()
    if self._pending_progress is not None:
      self._events.emit('progress', step=self._pending_progress, total=self.config.max_steps)
    evaluated = self._last_eval_step == self._train_steps
    if self._eval_batches and not evaluated and not self._should_stop():
      _, eval_step = self.jit_train_and_eval_step(cache_nnx_graph=True)
      self._run_eval(self._eval_batches, eval_step)
    super().close()

  def _report_progress(self, step: int, now: float) -> None:
    total = self.config.max_steps
    if step != total and now - self._last_progress < _PROGRESS_INTERVAL:
      self._pending_progress = step
      return
    self._pending_progress = None
    self._last_progress = now
    self._events.emit('progress', step=step, total=total)

  def _report_checkpoints(self) -> None:
    for step, path in self._committed_checkpoints().items():
      if step not in self._seen_checkpoints:
        self._seen_checkpoints.add(step)
        self._events.emit('checkpoint', step=step, path=str(path))

  def _committed_checkpoints(self) -> dict[int, pathlib.Path]:
    """A checkpoint in the making has another name; the rename to a bare number commits it."""
    root = self.config.checkpoint_root_directory
    if not root or not pathlib.Path(root).is_dir():
      return {}
    found = (path for path in pathlib.Path(root).iterdir() if path.name.isdigit())
    return {int(path.name): path for path in sorted(found, key=lambda path: int(path.name))}
