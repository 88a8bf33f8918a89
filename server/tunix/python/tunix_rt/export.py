"""From a trained Tunix model back to a Hugging Face directory."""

from __future__ import annotations

import os
import pathlib
import shutil
from typing import Any

import numpy as np

from tunix_rt.loading import Loaded

WEIGHTS = 'model.safetensors'


def export(model: Any, loaded: Loaded, lora: dict[str, Any] | None, output: pathlib.Path) -> None:
  """Writes config, tokenizer and weights to `output`, which appears complete or not at all.

  Weights keep the names, shapes and types of the directory the run started from. Adapters are
  merged into them, so the result loads without knowing of LoRA.
  """
  draft = output.with_name(f'.{output.name}-{os.getpid()}')
  shutil.rmtree(draft, ignore_errors=True)
  try:
    if lora and loaded.family == 'qwen3' and _has_single_file(loaded.directory):
      loaded.params_module.save_lora_merged_model_as_safetensors(
        str(loaded.directory), str(draft), model, lora['rank'], lora['alpha']
      )
      _mark_as_pytorch(draft / WEIGHTS)
    else:
      draft.mkdir(parents=True)
      _copy_companions(loaded.directory, draft)
      _save(to_hugging_face(model, loaded, lora), draft / WEIGHTS)
    shutil.rmtree(output, ignore_errors=True)
    os.rename(draft, output)
  finally:
    shutil.rmtree(draft, ignore_errors=True)


def to_hugging_face(
  model: Any, loaded: Loaded, lora: dict[str, Any] | None
) -> dict[str, np.ndarray]:
  """Returns the weights by their Hugging Face names: Tunix's loading rules, run backwards.

  Raises ValueError when the model has no weight for a tensor of the original directory.
  """
  from tunix.utils import torch_utils

  rules = loaded.params_module._get_key_and_transform_mapping(loaded.config)
  weights = _merged(model, lora)
  tensors: dict[str, np.ndarray] = {}
  for name, shape, dtype in _original_tensors(loaded.directory):
    key, transform = torch_utils.torch_key_to_jax_key(rules, name)
    if key not in weights:
      if name == 'lm_head.weight':
        continue  # Stored twice in the original; the embedding stands for both.
      raise ValueError(f'the model has no weight for {name}')
    value = np.asarray(weights[key])
    permutation = transform[0] if transform else None
    if permutation:
      # Loading permutes, then splits heads: merge heads first, then permute back.
      value = value.reshape([shape[axis] for axis in permutation])
      value = value.transpose(np.argsort(permutation))
    tensors[name] = np.ascontiguousarray(value.reshape(shape).astype(dtype))
  return tensors


def _merged(model: Any, lora: dict[str, Any] | None) -> dict[str, Any]:
  """The weights by their dotted Tunix names, adapters added in."""
  import jax.numpy as jnp
  from flax import nnx

  flat = nnx.to_flat_state(nnx.state(model, nnx.Param))
  weights = {'.'.join(map(str, path)): leaf[...] for path, leaf in flat}
  for name in [name for name in weights if name.endswith('_lora_a')]:
    base = name.removesuffix('_lora_a')
    low, high = weights.pop(name), weights.pop(f'{base}_lora_b')
    delta = jnp.tensordot(low, high, axes=1) * (lora['alpha'] / lora['rank'])
    weights[base] = weights[base] + delta.astype(weights[base].dtype)
  return weights


def _original_tensors(directory: pathlib.Path) -> list[tuple[str, list[int], Any]]:
  import ml_dtypes
  import safetensors

  types = {'F32': np.float32, 'F16': np.float16, 'BF16': ml_dtypes.bfloat16}
  found = []
  for file in sorted(directory.glob('*.safetensors')):
    with safetensors.safe_open(file, framework='numpy') as tensors:
      for name in tensors.keys():
        piece = tensors.get_slice(name)
        found.append((name, piece.get_shape(), types[piece.get_dtype()]))
  return found


def _has_single_file(directory: pathlib.Path) -> bool:
  return [file.name for file in directory.glob('*.safetensors')] == [WEIGHTS]


def _copy_companions(source: pathlib.Path, target: pathlib.Path) -> None:
  for file in source.iterdir():
    # The index names the shards of the original; here all weights are in one file.
    weights = file.name.endswith(('.safetensors', '.safetensors.index.json', '.bin', '.pth'))
    if file.is_file() and not weights:
      shutil.copy(file, target / file.name)


def _save(tensors: dict[str, np.ndarray], path: pathlib.Path) -> None:
  from safetensors.numpy import save_file

  # Readers refuse weights that do not say which framework laid them out.
  save_file(tensors, path, metadata={'format': 'pt'})


def _mark_as_pytorch(path: pathlib.Path) -> None:
  """Tunix's saver leaves the format out."""
  from safetensors.numpy import load_file

  _save(load_file(path), path)
