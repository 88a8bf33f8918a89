"""A training whose loss is no number any more."""

from __future__ import annotations

import math
import types

import numpy as np
import pytest

import example
from conftest import write_data
from runs import start
from tunix_rt.trainer import Trainer

NAN, INF = math.nan, math.inf


def test_a_diverged_training_ends_and_says_where(tmp_path, compile_cache):
  write_data(tmp_path)
  config = example.example_config(tmp_path)
  # The first update takes the weights past what a float32 can hold.
  config['optimizer_config']['learning_rate'] = 1e38
  attempt = start(tmp_path, config, compile_cache)
  assert attempt.wait() == 1
  losses = attempt.metrics('train/loss')
  last = max(losses)
  assert last < 40
  assert [losses[step] for step in range(last - 2, last + 1)] == ['NaN'] * 3
  assert attempt.events('error')[0]['message'] == (
    f'FloatingPointError: train/loss is nan at step {last}, and was no number for 3 steps: '
    'the training has diverged'
  )
  assert attempt.events()[-1]['event'] == 'error'
  assert not (attempt.dir / 'predictions.jsonl').exists()


@pytest.mark.parametrize(
  ('losses', 'ends_at'),
  [
    ([1.0, NAN, 1.0, INF, NAN, 1.0, NAN, NAN], None),
    ([NAN, INF, -INF], 3),
    ([1.0, NAN, NAN, 1.0, NAN, NAN, NAN, 1.0], 7),
  ],
)
def test_the_third_loss_in_a_row_that_is_no_number_ends_it(losses, ends_at):
  trainer = types.SimpleNamespace(_not_finite=0)
  ended = None
  for step, loss in enumerate(losses, start=1):
    try:
      Trainer._require_finite(trainer, float(np.float32(loss)), step)
    except FloatingPointError as error:
      ended = step
      assert f'at step {step}' in str(error)
      break
  assert ended == ends_at
