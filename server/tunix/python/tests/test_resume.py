"""Stop signals, checkpoints and what a second attempt makes of them."""

from __future__ import annotations

import signal

import pytest

import example
from conftest import STEPS, write_data
from runs import start


def test_sigterm_ends_with_a_checkpoint(interrupted):
  assert interrupted.process.returncode == 75, interrupted.log[-3000:]
  stopped = interrupted.events('stopped')[0]['step']
  assert 5 <= stopped < STEPS
  assert interrupted.events('checkpoint')[-1]['step'] == stopped
  assert (interrupted.run_dir / 'checkpoints' / str(stopped)).is_dir()
  assert interrupted.events()[-1]['event'] == 'stopped'
  assert interrupted.events('progress')[-1]['step'] == stopped
  assert not (interrupted.dir / 'predictions.jsonl').exists()
  assert not (interrupted.dir / 'export').exists()


def test_a_stop_before_the_first_step_leaves_a_checkpoint_too(tmp_path, compile_cache):
  write_data(tmp_path)
  attempt = start(tmp_path, example.example_config(tmp_path), compile_cache)
  attempt.until(lambda: bool(attempt.events('model')))
  attempt.signal(signal.SIGINT)
  assert attempt.wait() == 75, attempt.log[-3000:]
  assert attempt.events('stopped')[0]['step'] == attempt.events('checkpoint')[0]['step'] == 0
  assert attempt.metrics('eval/loss') == {}


def test_a_resumed_run_goes_on_where_it_stopped(interrupted, resumed):
  assert resumed.process.returncode == 0, resumed.log[-3000:]
  stopped = interrupted.events('stopped')[0]['step']
  assert resumed.events('restored')[0]['step'] == stopped
  assert list(resumed.metrics('train/loss')) == list(range(stopped + 1, STEPS + 1))
  assert resumed.events('finished')[0]['step'] == STEPS


def test_an_interruption_does_not_change_the_numbers(finished, interrupted, resumed):
  for name in ('train/loss', 'train/grad_norm', 'train/tokens'):
    together = {**interrupted.metrics(name), **resumed.metrics(name)}
    # The same arithmetic in the same order; on the processors tried, the same to the last bit.
    assert together == pytest.approx(finished.metrics(name), rel=1e-5)
  last = resumed.metrics('eval/loss')[STEPS]
  assert last == pytest.approx(finished.metrics('eval/loss')[STEPS], rel=1e-5)
  assert [p['text'] for p in resumed.predictions()] == [p['text'] for p in finished.predictions()]
