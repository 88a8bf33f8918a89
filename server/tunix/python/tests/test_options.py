"""Less usual settings, and everything that must be refused with a reason."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import example
from conftest import write_data
from runs import PACKAGE_DIR, environment, start
from tunix_rt import sft


@pytest.fixture(scope='module')
def unusual(tmp_path_factory, compile_cache):
  """Accumulated batches, a schedule, no tokens to spare, TensorBoard, no export, no checkpoint."""
  run_dir = tmp_path_factory.mktemp('unusual')
  write_data(run_dir)
  long = {'id': 'long', 'prompt': 'word ' * 200, 'steps': [], 'answer': '1'}
  for split in ('train', 'test'):
    with (run_dir / 'data' / f'{split}.jsonl').open('a') as file:
      file.write(json.dumps(long) + '\n')
  predict = {'splits': ['test'], 'max_new_tokens': 4, 'batch_size': 4}
  config = example.example_config(
    run_dir, max_steps=None, num_epochs=1, predict=predict, export=False
  )
  config['optimizer_config'] = {
    'opt_type': 'adamw',
    'schedule_type': 'linear_schedule',
    'init_value': 1e-3,
    'end_value': 0.0,
    'transition_steps': 10,
  }
  config['training_config'] |= {
    'gradient_accumulation_steps': 2,
    'eval_every_n_steps': 3,
    'checkpoint_root_directory': None,
    'checkpointing_options': None,
    'metrics_logging_options': {'log_dir': str(run_dir / 'tensorboard')},
  }
  attempt = start(run_dir, config, compile_cache)
  attempt.wait()
  return attempt


def test_accumulated_batches_make_fewer_steps(unusual):
  assert unusual.process.returncode == 0, unusual.log[-3000:]
  counts = unusual.events('data')[0]
  assert (counts['steps_per_epoch'], counts['total_steps']) == (7, 7)
  assert list(unusual.metrics('train/loss')) == list(range(1, 8))


def test_the_learning_rate_is_the_one_the_step_used(unusual):
  expected = {step: 1e-3 * (1 - (step - 1) / 10) for step in range(1, 8)}
  assert unusual.metrics('train/learning_rate') == pytest.approx(expected, rel=1e-5)


def test_the_final_weights_are_evaluated(unusual):
  assert list(unusual.metrics('eval/loss')) == [0, 3, 6, 7]


def test_metrics_come_in_the_order_of_the_steps(unusual):
  losses = [e for e in unusual.events('metric') if e['name'] in ('train/loss', 'eval/loss')]
  assert [e['step'] for e in losses] == sorted(e['step'] for e in losses)


def test_what_is_too_long_is_reported(unusual):
  counts = unusual.events('data')[0]
  assert counts['dropped'] == {'train': 1, 'eval': 0, 'test': 1}
  assert counts['dropped_ids']['train'] == ['long']
  last = unusual.predictions()[-1]
  assert (last['id'], last['text'], last['tokens']) == ('long', '', 0)
  assert 'max_seq_length is 96' in last['error']
  assert all('error' not in line for line in unusual.predictions()[:-1])


def test_tensorboard_files_are_written_when_asked_for(unusual):
  assert list((unusual.run_dir / 'tensorboard').glob('events.out.tfevents.*'))
  assert not (unusual.dir / 'export').exists()


def test_a_failure_names_its_reason(tmp_path):
  write_data(tmp_path)
  config = example.example_config(tmp_path)
  config['model_config']['lora_config'] = {'module_path': 'nothing', 'rank': 4, 'alpha': 8.0}
  attempt = start(tmp_path, config)
  assert attempt.wait() == 1
  message = attempt.events('error')[0]['message']
  assert message.startswith("ValueError: the LoRA pattern 'nothing' matches no module")
  assert attempt.events()[-1]['event'] == 'error'
  assert attempt.log.splitlines()[-1] == message


def test_the_probe_prints_one_line():
  command = [sys.executable, '-m', 'tunix_rt.probe']
  output = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
  [line] = output.stdout.splitlines()
  found = json.loads(line)
  names = {'python', 'tunix', 'jax', 'flax', 'qwix', 'transformers', 'backend', 'devices'}
  assert set(found) == names
  assert found['backend'] == 'cpu'
  assert set(found['devices'][0]) == {'kind', 'platform', 'id', 'memoryBytes'}
  assert found['devices'][0]['memoryBytes'] is None


WRONG = {
  'a missing section': (None, 'no tunix_rt section'),
  'a missing key': ({'attempt_dir': 'x'}, 'missing'),
  'an unknown key': ({'bogus': 1}, 'bogus'),
  'an empty batch': ({'batch_size': 0}, 'batch_size must be a positive integer'),
  'a length that is not a number': ({'max_seq_length': 'x'}, 'max_seq_length must be'),
  'a negative seed': ({'seed': -1}, 'seed must be'),
}


@pytest.mark.parametrize(('section', 'message'), WRONG.values(), ids=WRONG)
def test_settings_refuse(tmp_path, section, message):
  config = example.example_config(tmp_path)
  if section is None or section.keys() == {'attempt_dir'}:
    config['tunix_rt'] = section
  else:
    config['tunix_rt'] |= section
  with pytest.raises(ValueError, match=message):
    sft.read_settings(config)


def test_the_readme_shows_the_example(tmp_path):
  text = (PACKAGE_DIR / 'README.md').read_text(encoding='utf-8')
  shown = json.loads(text.split('```json\n')[1].split('```')[0])
  config = example.example_config(tmp_path)
  assert {name: set(section) for name, section in shown.items()} == {
    name: set(section) for name, section in config.items()
  }
  assert sft.read_settings(shown).max_steps == 1200


def test_settings_accept_the_example(tmp_path):
  assert sft.read_settings(example.example_config(tmp_path)).batch_size == 8


def test_contradicting_step_counts_are_refused(tmp_path):
  settings = sft.read_settings(example.example_config(tmp_path, max_steps=5))
  with pytest.raises(ValueError, match=r'max_steps and training_config\.max_steps differ'):
    sft._steps(settings, {'max_steps': 6}, 100, 1)
  assert sft._steps(settings, {'max_steps': 5}, 100, 1) == (12, 5)
