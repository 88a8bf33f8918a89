"""Exported directories compute, outside of Tunix, what Tunix computed."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

import models
import reference
from tunix_rt import export

# Float32 in Tunix against float64 in the reference; observed differences stay below 1e-5.
TOLERANCE = 1e-4


def test_a_trained_model_exports_to_hugging_face(finished):
  directory = finished.dir / 'export'
  base = finished.run_dir / 'model'
  assert finished.events('exported')[0]['path'] == str(directory)
  found = reference.logits(directory, models.TOKENS)
  assert np.abs(found - reference.logits(base, models.TOKENS)).max() > 0.5, 'nothing was learnt'
  np.testing.assert_allclose(found, models.logits(models.load(directory).model), atol=TOLERANCE)


def test_the_export_repeats_the_predictions(finished):
  directory = finished.dir / 'export'
  tokenizer = models.tokenizer(directory)
  prompts = {json.loads(line)['id']: json.loads(line)['prompt'] for line in _test_lines(finished)}
  answer = finished.predictions()[-1]
  tokens = models.data.encode_prompt(tokenizer, prompts[answer['id']])
  written: list[int] = []
  for _ in range(answer['tokens'] + 1):
    written.append(int(reference.logits(directory, tokens + written)[-1].argmax()))
  assert written.pop() == tokenizer.eos_id()
  assert tokenizer.decode(written) == answer['text']


def _test_lines(attempt):
  return (attempt.run_dir / 'data' / 'test.jsonl').read_text().splitlines()


def test_transformers_reads_the_export(finished):
  from transformers import AutoConfig, AutoTokenizer

  directory = finished.dir / 'export'
  assert AutoConfig.from_pretrained(directory).model_type == 'qwen3'
  tokenizer = AutoTokenizer.from_pretrained(directory)
  turn = [{'role': 'user', 'content': 'Hi'}]
  rendered = tokenizer.apply_chat_template(turn, add_generation_prompt=True, tokenize=False)
  assert rendered == '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n'


@pytest.mark.parametrize('stored', ['float32', 'bfloat16'])
def test_export_undoes_loading(tmp_path, stored):
  import ml_dtypes
  from safetensors.numpy import load_file, save_file

  base = models.tiny_model(tmp_path / 'base')
  dtype = {'float32': np.float32, 'bfloat16': ml_dtypes.bfloat16}[stored]
  tensors = {k: v.astype(dtype) for k, v in load_file(base / 'model.safetensors').items()}
  save_file(tensors, base / 'model.safetensors')
  loaded = models.load(base)
  export.export(loaded.model, loaded, None, tmp_path / 'export')
  found = load_file(tmp_path / 'export' / 'model.safetensors')
  assert set(found) == set(tensors)
  for name, tensor in tensors.items():
    assert found[name].dtype == tensor.dtype
    np.testing.assert_array_equal(found[name], tensor)


def test_sharded_weights_export_to_one_file(tmp_path):
  from safetensors.numpy import load_file, save_file

  base = models.tiny_model(tmp_path / 'base')
  tensors = load_file(base / 'model.safetensors')
  names = sorted(tensors)
  for part, chosen in enumerate((names[:9], names[9:]), start=1):
    save_file({n: tensors[n] for n in chosen}, base / f'model-0000{part}-of-00002.safetensors')
  (base / 'model.safetensors').unlink()
  (base / 'model.safetensors.index.json').write_text('{}')
  loaded = models.load(base)
  export.export(loaded.model, loaded, None, tmp_path / 'export')
  files = {path.name for path in (tmp_path / 'export').iterdir()}
  assert files == {'config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'}
  assert set(load_file(tmp_path / 'export' / 'model.safetensors')) == set(names)


def test_an_earlier_export_is_replaced(tmp_path):
  loaded = models.load(models.tiny_model(tmp_path / 'base'))
  shutil.copytree(tmp_path / 'base', tmp_path / 'export')
  (tmp_path / 'export' / 'stale').touch()
  export.export(loaded.model, loaded, None, tmp_path / 'export')
  assert not (tmp_path / 'export' / 'stale').exists()
  assert sorted(path.name for path in tmp_path.iterdir()) == ['base', 'export']
