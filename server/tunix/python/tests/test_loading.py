"""Model directories: what loads, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

import models
import reference
from tunix_rt import export, loading


def change_config(directory, **changes):
  file = directory / 'config.json'
  file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_tunix_computes_what_hugging_face_does(tmp_path):
  base = models.tiny_model(tmp_path / 'base', init_scale=0.3)
  expected = reference.logits(base, models.TOKENS)
  np.testing.assert_allclose(models.logits(models.load(base).model), expected, atol=1e-4)


def other_family(base, family, theta):
  """Turns the tiny Qwen3 into another family: no norms on heads, biases for Qwen2, an own head."""
  from safetensors.numpy import load_file, save_file

  random = np.random.default_rng(1)
  tensors = load_file(base / 'model.safetensors')
  tensors = {name: value for name, value in tensors.items() if '_norm' not in name}
  tensors['lm_head.weight'] = random.standard_normal((384, 64), np.float32)
  if family == 'qwen2':
    for name in [name for name in tensors if name.endswith(('q_proj.weight', 'v_proj.weight'))]:
      bias = random.standard_normal(len(tensors[name]), np.float32)
      tensors[name.replace('weight', 'bias')] = bias
    for name in [name for name in tensors if name.endswith('k_proj.weight')]:
      tensors[name.replace('weight', 'bias')] = np.full(len(tensors[name]), 0.3, np.float32)
  save_file(tensors, base / 'model.safetensors')
  rope = {'rope_theta': theta, 'rope_type': 'default'}
  change_config(
    base, model_type=family, tie_word_embeddings=False, rope_theta=theta, rope_parameters=rope
  )


@pytest.mark.parametrize(('family', 'theta'), [('qwen2', 10_000), ('llama', 1_000_000)])
def test_other_families_load(tmp_path, family, theta):
  base = models.tiny_model(tmp_path / 'base', init_scale=0.2)
  other_family(base, family, theta)
  loaded = models.load(base)
  expected = reference.logits(base, models.TOKENS)
  np.testing.assert_allclose(models.logits(loaded.model), expected, atol=1e-3)
  export.export(loaded.model, loaded, None, tmp_path / 'export')
  found = reference.logits(tmp_path / 'export', models.TOKENS)
  np.testing.assert_allclose(found, expected, atol=1e-9)


REFUSED = {
  'an unknown family': ({'model_type': 'bert'}, "'bert' is not supported"),
  'a mixture of experts': ({'model_type': 'qwen3_moe'}, "'qwen3_moe' is not supported"),
  'scaled rotary embeddings': ({'rope_scaling': {'rope_type': 'yarn'}}, 'rope_scaling'),
  'a sliding window': ({'use_sliding_window': True}, 'sliding window'),
  'a Qwen3 that Tunix would rotate wrongly': ({'rope_theta': 5_000_000}, 'needs 5000000'),
  'a Llama that Tunix would rotate wrongly': (
    {'model_type': 'llama', 'rope_theta': 500_000},
    'llama3 with rope_theta 1000000',
  ),
}


@pytest.mark.parametrize(('changes', 'message'), REFUSED.values(), ids=REFUSED)
def test_it_refuses(tmp_path, changes, message):
  base = models.tiny_model(tmp_path / 'base')
  change_config(base, **changes)
  with pytest.raises(ValueError, match=message):
    models.load(base)


def test_it_refuses_a_directory_without_a_model(tmp_path):
  with pytest.raises(FileNotFoundError, match=r'has no config\.json'):
    models.load(tmp_path)


def test_it_refuses_mixed_tensor_types(tmp_path):
  from safetensors.numpy import load_file, save_file

  base = models.tiny_model(tmp_path / 'base')
  tensors = load_file(base / 'model.safetensors')
  tensors['model.norm.weight'] = tensors['model.norm.weight'].astype(np.float16)
  save_file(tensors, base / 'model.safetensors')
  with pytest.raises(ValueError, match='mixes tensor types'):
    models.load(base)


def test_weights_can_be_cast(tmp_path):
  base = models.tiny_model(tmp_path / 'base')
  model = models.load(base, load_dtype='bfloat16', dtype='bfloat16').model
  assert str(model.embedder.input_embedding[...].dtype) == 'bfloat16'
  with pytest.raises(ValueError, match='unknown dtype'):
    models.load(base, load_dtype='int3')


def test_parameters_are_counted(tmp_path):
  everything, trainable = loading.count_parameters(
    models.load(models.tiny_model(tmp_path / 'base')).model
  )
  matrices = 384 * 64 + 2 * (64 * (64 + 32 + 32 + 64) + 3 * 64 * 192)
  norms = 64 + 2 * (2 * 64 + 2 * 16)
  assert everything == trainable == matrices + norms
