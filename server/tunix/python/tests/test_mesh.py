"""A run on several devices learns what a run on one learns."""

from __future__ import annotations

import pytest

import example
from conftest import write_data
from runs import start

STEPS = 6
MESHES = {'the batch is divided': '(2,1)', 'the heads are divided': '(1,2)'}


@pytest.fixture(scope='module', params=MESHES.values(), ids=MESHES)
def divided(request, tmp_path_factory, compile_cache):
  """The example of `finished` on two devices, for its first steps."""
  run_dir = tmp_path_factory.mktemp('mesh')
  write_data(run_dir)
  predict = {'splits': ['test'], 'max_new_tokens': 8, 'batch_size': 8}
  config = example.example_config(run_dir, max_steps=STEPS, predict=predict)
  config['model_config']['mesh']['shape'] = request.param
  attempt = start(run_dir, config, compile_cache, devices=2)
  attempt.wait()
  return attempt


def test_the_losses_are_those_of_one_device(divided, finished):
  assert divided.process.returncode == 0, divided.log[-3000:]
  assert len(divided.events('started')[0]['devices']) == 2
  alone = finished.metrics('train/loss')
  expected = {step: alone[step] for step in range(1, STEPS + 1)}
  assert divided.metrics('train/loss') == pytest.approx(expected, rel=1e-4)
  assert divided.metrics('eval/loss')[0] == pytest.approx(
    finished.metrics('eval/loss')[0], rel=1e-4
  )


def test_it_predicts_and_exports(divided):
  assert len(divided.predictions()) == 9
  assert (divided.dir / 'export' / 'model.safetensors').is_file()


def test_too_few_devices_are_refused(tmp_path):
  write_data(tmp_path)
  config = example.example_config(tmp_path)
  config['model_config']['mesh']['shape'] = '(2,1)'
  attempt = start(tmp_path, config)
  assert attempt.wait() == 1
  assert 'requires 2 devices' in attempt.events('error')[0]['message']
