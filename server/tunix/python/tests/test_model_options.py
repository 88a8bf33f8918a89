"""Settings of the model that `server/runs/advanced.ts` lets through: each trains and predicts."""

from __future__ import annotations

import pytest

import example
from conftest import write_data
from runs import start

STEPS = 3
LORA = {'module_path': example.LORA_PATTERN, 'rank': 4, 'alpha': 8.0}
OPTIONS = {
  'blocks computed again': {'remat_config': 2},
  'layers computed again': {'remat_config': 3},
  'a computation in bfloat16': {'dtype': 'bfloat16'},
  'weights in bfloat16': {'load_dtype': 'bfloat16'},
  'adapters, layers computed again': {'remat_config': 3, 'lora_config': LORA},
}


@pytest.mark.parametrize('options', OPTIONS.values(), ids=OPTIONS)
def test_it_trains_predicts_and_exports(tmp_path, finished, compile_cache, options):
  write_data(tmp_path)
  predict = {'splits': ['test'], 'max_new_tokens': 8, 'batch_size': 8}
  config = example.example_config(tmp_path, max_steps=STEPS, predict=predict)
  config['model_config'] |= options
  attempt = start(tmp_path, config, compile_cache)
  assert attempt.wait() == 0, attempt.log[-3000:]
  assert len(attempt.predictions()) == 9
  assert (attempt.dir / 'export' / 'model.safetensors').is_file()
  alone = finished.metrics('train/loss')
  # Computing again changes rounding alone, smaller types round more; adapters learn otherwise.
  tolerance = 1e-4 if 'remat_config' in options else 2e-2
  expected = {step: alone[step] for step in range(1, 2 if 'lora_config' in options else STEPS + 1)}
  found = attempt.metrics('train/loss')
  assert {step: found[step] for step in expected} == pytest.approx(expected, rel=tolerance)
