"""Predictions on the way: at the right steps, without a trace in the numbers, once."""

from __future__ import annotations

import json
import signal

import pytest

import example
from conftest import STEPS, write_data
from runs import start
from tunix_rt import checkpoints, data, sft

OPTIONS = {'every_steps': 10, 'items': 5, 'max_new_tokens': 12, 'batch_size': 4}
WANTED = [10, 20, 30, 40]


def config_of(run_dir, **changes):
  config = example.example_config(run_dir, max_steps=STEPS, **changes)
  config['tunix_rt']['checkpoint_predictions'] = {
    **OPTIONS,
    **config['tunix_rt'].get('checkpoint_predictions', {}),
  }
  return config


def predicted(attempt, step):
  text = (attempt.dir / f'predictions-{step}.jsonl').read_text(encoding='utf-8')
  return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope='module')
def watched(tmp_path_factory, compile_cache):
  run_dir = tmp_path_factory.mktemp('watched')
  write_data(run_dir)
  attempt = start(run_dir, config_of(run_dir), compile_cache)
  attempt.wait()
  return attempt


@pytest.fixture(scope='module')
def continued(tmp_path_factory, compile_cache):
  """Stopped after the first predictions, and gone on with from there."""
  run_dir = tmp_path_factory.mktemp('continued')
  write_data(run_dir)
  config = config_of(run_dir)
  # Slow enough to be caught early.
  config['training_config']['eval_every_n_steps'] = 1
  first = start(run_dir, config, compile_cache)
  first.until(lambda: first.events('checkpoint_predictions'))
  first.signal(signal.SIGTERM)
  assert first.wait() == sft.STOPPED
  done = [event['step'] for event in first.events('checkpoint_predictions')]
  options = {'skip_steps': done}
  attempt_dir = str(run_dir / 'attempt-2')
  config = config_of(run_dir, attempt_dir=attempt_dir, checkpoint_predictions=options)
  second = start(run_dir, config, compile_cache)
  assert second.wait() == sft.FINISHED, second.log[-3000:]
  return done, second


def test_every_wanted_step_is_predicted_and_reported(watched):
  assert watched.process.returncode == 0, watched.log[-3000:]
  told = [(event['step'], event['items']) for event in watched.events('checkpoint_predictions')]
  assert told == [(step, 5) for step in WANTED]
  expected = [record['id'] for record in example.records(148)[120:125]]
  for step in WANTED:
    lines = predicted(watched, step)
    assert [line['id'] for line in lines] == expected
    assert {line['split'] for line in lines} == {'eval'}
    assert all(0 <= line['tokens'] <= 12 for line in lines)


def test_each_step_answers_with_its_own_weights(watched):
  texts = {step: [line['text'] for line in predicted(watched, step)] for step in WANTED}
  assert len({tuple(text) for text in texts.values()}) > 1
  last = {line['id']: line['text'] for line in watched.predictions()}
  # The last step has the final weights; its answers are only cut off sooner.
  for line in predicted(watched, STEPS):
    assert last[line['id']].startswith(line['text'].rstrip('\ufffd'))


def test_the_training_is_the_same_as_without(watched, finished):
  for name in ('train/loss', 'eval/loss', 'train/learning_rate'):
    assert watched.metrics(name) == finished.metrics(name)
  assert watched.predictions() == finished.predictions()


def test_a_second_attempt_predicts_only_what_is_missing(watched, continued):
  done, second = continued
  told = [event['step'] for event in second.events('checkpoint_predictions')]
  assert done + told == WANTED
  for step in told:
    assert predicted(second, step) == predicted(watched, step)


class FakeTrainer:
  train_steps = 0

  def pause(self, work):
    return work()


class FakeGenerator:
  batch_size = 1

  def __init__(self):
    self.answered = 0

  def refresh(self):
    pass

  def __call__(self, batch):
    self.answered += len(batch)
    return [{'text': 'x', 'tokens': 1} for _ in batch]


class FakeEvents:
  def __init__(self):
    self.told = []

  def emit(self, event, **fields):
    self.told.append((event, fields))


def train(trainer, batches):
  """Pulls as the trainer does: a step counts before the next batch is asked for."""
  for _ in batches:
    trainer.train_steps += 1
  return trainer.train_steps


def test_a_stop_in_the_middle_of_generating_ends_the_batches_at_that_step(tmp_path):
  trainer, generator, events = FakeTrainer(), FakeGenerator(), FakeEvents()
  chosen = [data.Record(str(index), 'p', [], 'a') for index in range(3)]
  options = {'every_steps': 2}

  def predictions(should_stop):
    return checkpoints.CheckpointPredictions(
      trainer, generator, chosen, options, tmp_path, events, should_stop
    )

  stopped = predictions(lambda: generator.answered == 2)
  assert train(trainer, stopped.between(iter(range(9)))) == 2
  assert events.told == []
  assert not list(tmp_path.iterdir())
  # Whoever goes on from the checkpoint of that step does it first.
  generator.answered = 0
  assert train(trainer, predictions(lambda: False).between(iter(range(2)))) == 4
  assert [fields['step'] for _, fields in events.told] == [2]


@pytest.mark.parametrize('name', OPTIONS)
def test_settings_refuse_a_count_that_is_none(tmp_path, name):
  config = config_of(tmp_path, checkpoint_predictions={name: 0})
  with pytest.raises(ValueError, match=f'checkpoint_predictions.{name} must be a positive integer'):
    sft.read_settings(config)
