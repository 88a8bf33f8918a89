"""What the control plane writes and promises, given to the real Tunix.

`manifest.yaml` and `manifest.json` are one config as people get it and as the runner writes it; a
test of `server/runs/plan/preview.ts` holds them to its code.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib

import pytest

from tunix_rt import sft

HERE = pathlib.Path(__file__).parent
WRITTEN = json.loads((HERE / 'manifest.json').read_text(encoding='utf-8'))


def accepted(path: pathlib.Path):
  from tunix.cli import config

  return config.HyperParameters(['tunix_rt', str(path)])


def plain(parameters) -> dict:
  from omegaconf import OmegaConf

  return OmegaConf.to_container(OmegaConf.create(parameters.config), resolve=False)


@pytest.mark.parametrize('name', ['manifest.yaml', 'manifest.json'])
def test_tunix_reads_what_the_runner_writes(name):
  parameters = accepted(HERE / name)
  assert plain(parameters) == WRITTEN
  assert parameters.parse_mesh_config('model_config') == ((2, 1), ('fsdp', 'tp'))
  assert parameters.create_optimizer('optimizer_config') is not None
  training = parameters.obtain_training_config_dict('training_config')
  assert training['gradient_accumulation_steps'] == 2


def test_our_own_section_is_accepted():
  settings = sft.read_settings(WRITTEN)
  assert dataclasses.asdict(settings) == WRITTEN['tunix_rt']


OPTIMIZERS = {
  'adamw': {
    'weight_decay': 0.01,
    'b1': 0.9,
    'b2': 0.95,
    'eps': 1e-6,
    'eps_root': 0.0,
    'nesterov': True,
  },
  'adam': {'b1': 0.9, 'b2': 0.95, 'eps': 1e-6, 'eps_root': 0.0, 'nesterov': True},
  'lion': {'weight_decay': 0.01, 'b1': 0.9, 'b2': 0.95},
  'sgd': {'momentum': 0.9, 'nesterov': True},
}

SCHEDULES = {
  'constant_schedule': {'value': 0.1},
  'linear_schedule': {
    'init_value': 0.1,
    'end_value': 0.0,
    'transition_steps': 9,
    'transition_begin': 2,
  },
  'polynomial_schedule': {
    'init_value': 0.1,
    'end_value': 0.0,
    'power': 2,
    'transition_steps': 9,
    'transition_begin': 2,
  },
  'exponential_decay': {
    'init_value': 0.1,
    'transition_steps': 9,
    'decay_rate': 0.5,
    'transition_begin': 2,
    'staircase': True,
    'end_value': 0.01,
  },
  'cosine_decay_schedule': {'init_value': 0.1, 'decay_steps': 9, 'alpha': 0.1, 'exponent': 1.0},
  'warmup_constant_schedule': {'init_value': 0.0, 'peak_value': 0.1, 'warmup_steps': 3},
  'warmup_cosine_decay_schedule': {
    'init_value': 0.0,
    'peak_value': 0.1,
    'warmup_steps': 3,
    'decay_steps': 9,
    'end_value': 0.01,
    'exponent': 1.0,
  },
}


@pytest.mark.parametrize('schedule', [None, *SCHEDULES])
@pytest.mark.parametrize('name', OPTIMIZERS)
def test_tunix_makes_every_optimizer_with_every_schedule(tmp_path, name, schedule):
  """The keys that `server/runs/advanced.ts` lists; each step changes the weights, and finitely."""
  import jax.numpy as jnp

  rate = {'schedule_type': schedule, **SCHEDULES[schedule]} if schedule else {'learning_rate': 0.1}
  section = {'opt_type': name, **OPTIMIZERS[name], **rate}
  path = tmp_path / 'config.json'
  path.write_text(json.dumps({**WRITTEN, 'optimizer_config': section}), encoding='utf-8')
  optimizer = accepted(path).create_optimizer('optimizer_config')
  weights = jnp.ones(3)
  state = optimizer.init(weights)
  for _ in range(4):
    updates, state = optimizer.update(jnp.ones(3), state, weights)
    assert bool(jnp.isfinite(updates).all())
  assert bool((updates != 0).any())
