"""A run from start to end."""

from __future__ import annotations

import json

import pytest

from conftest import STEPS


def test_it_finishes(finished):
  assert finished.process.returncode == 0, finished.log[-3000:]
  names = [event['event'] for event in finished.events() if event['event'] != 'metric']
  assert names[0] == 'started'
  assert names[-1] == 'finished'
  assert finished.events('finished')[0]['step'] == STEPS


def test_it_says_what_it_runs_on(finished):
  started = finished.events('started')[0]
  assert started['versions']['tunix'] == '0.1.7'
  assert started['devices'][0]['platform'] == 'cpu'
  assert started['pid'] == finished.process.pid


def test_the_losses_fall(finished):
  train, evaluation = finished.metrics('train/loss'), finished.metrics('eval/loss')
  assert train[STEPS] < train[1] / 3
  assert evaluation[0] > evaluation[20] > evaluation[STEPS]


def test_every_step_has_its_metrics(finished):
  every = list(range(1, STEPS + 1))
  assert list(finished.metrics('train/loss')) == every
  assert list(finished.metrics('train/grad_norm')) == every
  assert list(finished.metrics('train/tokens_per_second')) == every[1:]
  assert all(value > 0 for value in finished.metrics('train/tokens_per_second').values())
  assert finished.metrics('train/learning_rate') == pytest.approx(dict.fromkeys(every, 0.003))


def test_tokens_are_counted_from_the_first_step(finished):
  counts, trained = finished.events('data')[0], finished.metrics('train/tokens')
  assert list(trained) == list(range(1, STEPS + 1))
  assert trained[counts['steps_per_epoch']] == counts['tokens']
  assert trained[2 * counts['steps_per_epoch']] == 2 * counts['tokens']


def test_progress_ends_at_the_total(finished):
  progress = finished.events('progress')
  assert (progress[-1]['step'], progress[-1]['total']) == (STEPS, STEPS)


def test_counts_of_the_data_and_the_model(finished):
  counts = finished.events('data')[0]
  assert (counts['train'], counts['eval'], counts['test']) == (120, 19, 9)
  assert (counts['steps_per_epoch'], counts['total_steps']) == (15, STEPS)
  assert counts['dropped'] == {'train': 0, 'eval': 0, 'test': 0}
  model = finished.events('model')[0]
  assert model['parameters'] == model['trainable_parameters'] > 100_000
  assert model['lora'] is False


def test_committed_checkpoints_are_reported(finished):
  reported = {event['step'] for event in finished.events('checkpoint')}
  root = finished.run_dir / 'checkpoints'
  assert {20, STEPS} <= reported
  assert {int(path.name) for path in root.iterdir()} <= reported


def test_held_out_prompts_are_answered(finished):
  predictions = finished.predictions()
  assert [line['split'] for line in predictions] == ['eval'] * 19 + ['test'] * 9
  expected = {'id', 'split', 'expected', 'text', 'tokens'}
  assert all(set(line) == expected for line in predictions)
  # Forty steps teach the form, not the sums.
  assert all('Answer:' in line['text'] for line in predictions)
  assert all(0 < line['tokens'] <= 40 for line in predictions)
  done = finished.events('predictions')
  assert [(e['split'], e['done'], e['total']) for e in done][-1] == ('test', 9, 9)


def test_the_event_file_is_strict_json(finished):
  def refuse(constant: str) -> None:
    raise AssertionError(constant)

  for line in finished.lines():
    event = json.loads(line, parse_constant=refuse)
    assert isinstance(event['time'], float) and isinstance(event['event'], str)


def test_the_log_is_readable(finished):
  assert 'Train step 1 training loss' in finished.log
  # Tunix's own line has the mean of all evaluations instead.
  true = finished.metrics('eval/loss')[STEPS]
  assert f'Evaluation at step {STEPS}: loss {true:f} over its tokens' in finished.log
  assert 'eval perplexity' not in finished.log
  assert len(finished.log.splitlines()) < STEPS + 60
