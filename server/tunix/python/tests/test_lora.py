"""Low-rank adapters: they alone are trained, and they are merged on export."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import load_file
from test_loading import other_family

import example
import models
import reference
from conftest import write_data
from runs import start
from tunix_rt import export, loading

LORA = {'module_path': example.LORA_PATTERN, 'rank': 4, 'alpha': 8.0}


@pytest.fixture(scope='module')
def lora_run(tmp_path_factory, finished, compile_cache):
  """Adapters on the model that the finished run exported."""
  run_dir = tmp_path_factory.mktemp('lora')
  write_data(run_dir)
  config = example.example_config(run_dir, max_steps=12, tiny=None, predict=None)
  config['model_config'] |= {'model_path': str(finished.dir / 'export'), 'lora_config': LORA}
  config['tokenizer_config']['tokenizer_path'] = str(finished.dir / 'export')
  attempt = start(run_dir, config, compile_cache)
  attempt.wait()
  return attempt


def test_only_adapters_are_trained(lora_run):
  assert lora_run.process.returncode == 0, lora_run.log[-3000:]
  model = lora_run.events('model')[0]
  assert model['lora'] is True
  # Two layers; rank times both sides of each of the seven matrices.
  layer = (64 + 64) + 2 * (64 + 32) + (64 + 64) + 3 * (64 + 192)
  assert model['trainable_parameters'] == 2 * 4 * layer
  losses = lora_run.metrics('train/loss')
  assert losses[12] < losses[1]


def test_the_merged_export_differs_only_where_adapted(lora_run, finished):
  before = load_file(finished.dir / 'export' / 'model.safetensors')
  after = load_file(lora_run.dir / 'export' / 'model.safetensors')
  changed = {name for name in before if not np.array_equal(before[name], after[name])}
  assert set(before) == set(after)
  assert changed == {name for name in before if '_proj' in name}


def test_a_checkpoint_holds_only_adapters(lora_run, finished):
  def size(attempt):
    root = attempt.run_dir / 'checkpoints'
    newest = max(root.iterdir(), key=lambda path: int(path.name))
    return sum(file.stat().st_size for file in (newest / 'model_params').rglob('*'))

  assert size(lora_run) < size(finished) / 2


@pytest.fixture
def adapted(tmp_path):
  """A random model with random adapters, as after training."""
  import jax
  from flax import nnx

  loaded = models.load(models.tiny_model(tmp_path / 'base'))
  model = loading.add_lora(loaded.model, models.mesh(), LORA)
  state = nnx.state(model, nnx.LoRAParam)
  noise = np.random.default_rng(0)
  nnx.update(
    model, jax.tree.map(lambda leaf: leaf + 0.1 * noise.standard_normal(leaf.shape), state)
  )
  return loaded, model


def test_the_merged_model_computes_what_the_adapted_one_did(tmp_path, adapted):
  loaded, model = adapted
  export.export(model, loaded, LORA, tmp_path / 'export')
  found = reference.logits(tmp_path / 'export', models.TOKENS)
  np.testing.assert_allclose(found, models.logits(model), atol=1e-4)
  plain = reference.logits(tmp_path / 'base', models.TOKENS)
  assert np.abs(found - plain).max() > 0.01


def test_both_ways_to_merge_agree(tmp_path, adapted):
  """Tunix's own needs one weight file of a Qwen3; ours does the rest."""
  loaded, model = adapted
  export.export(model, loaded, LORA, tmp_path / 'export')
  theirs = load_file(tmp_path / 'export' / 'model.safetensors')
  ours = export.to_hugging_face(model, loaded, LORA)
  assert set(ours) == set(theirs)
  for name in ours:
    np.testing.assert_allclose(ours[name], theirs[name], atol=1e-6)


@pytest.mark.parametrize('family', ['qwen3', 'qwen2', 'llama'])
def test_these_modules_take_adapters(tmp_path, family):
  """As `server/tunix/architecture.ts` lists them, by the same names in every family."""
  from flax import nnx

  base = models.tiny_model(tmp_path / 'base')
  names = ['attn/q_proj', 'attn/k_proj', 'attn/v_proj', 'attn/o_proj']
  names += ['mlp/gate_proj', 'mlp/up_proj', 'mlp/down_proj']
  expected = {f'layers/{layer}/{name}' for layer in (0, 1) for name in names}
  if family != 'qwen3':
    other_family(base, family, 1_000_000)
    expected.add('lm_head')
  model = loading.add_lora(models.load(base).model, models.mesh(), {**LORA, 'module_path': '.*'})
  paths = nnx.to_flat_state(nnx.state(model, nnx.LoRAParam))
  assert {'/'.join(str(part) for part in path[:-1]) for path, _ in paths} == expected


def test_a_pattern_without_a_match_is_refused(tmp_path):
  loaded = models.load(models.tiny_model(tmp_path / 'base'))
  with pytest.raises(ValueError, match=r"'\.\*q_einsum' matches no module.*layers/0/attn/k_proj"):
    loading.add_lora(loaded.model, models.mesh(), {**LORA, 'module_path': '.*q_einsum'})
