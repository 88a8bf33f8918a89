"""From a local Hugging Face directory to a Tunix model.

Tunix's own loaders fetch from a hub and know fixed sizes by name. Here config.json decides, so that
any size of a supported family loads, and nothing touches the network.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import pathlib
import re
from typing import Any

# Hugging Face model_type -> Tunix package.
FAMILIES = {'qwen3': 'qwen3', 'qwen2': 'qwen2', 'llama': 'llama3'}

# These rotate with a fixed base, whatever their ModelConfig says.
_FIXED_THETA = {'llama3': 1_000_000, 'qwen3': 1_000_000}


@dataclasses.dataclass(frozen=True)
class Loaded:
  """A model, and what exporting and generating need to know about it."""

  model: Any
  config: Any
  params_module: Any
  family: str
  directory: pathlib.Path


def load_model(model_config: dict[str, Any], mesh: Any) -> Loaded:
  """Loads `model_config['model_path']` onto `mesh`, weights in the type they are stored in.

  `load_dtype` casts the weights, `dtype` sets the type of the computation (float32 by default).
  Raises ValueError for a family or a feature that Tunix cannot represent faithfully.
  """
  directory = pathlib.Path(model_config['model_path'])
  config_file = directory / 'config.json'
  if not config_file.is_file():
    raise FileNotFoundError(f'{directory} is not a model directory: it has no config.json')
  hugging_face = json.loads(config_file.read_text(encoding='utf-8'))
  family = _family(hugging_face)
  _refuse_mixed_types(directory)
  model_module = importlib.import_module(f'tunix.models.{family}.model')
  params_module = importlib.import_module(f'tunix.models.{family}.params')
  config = model_module.ModelConfig(
    **model_fields(hugging_face, family), **_options(model_config, model_module)
  )
  model = params_module.create_model_from_safe_tensors(
    str(directory), config, mesh, dtype=_dtype(model_config.get('load_dtype'))
  )
  return Loaded(model, config, params_module, family, directory)


def model_fields(hugging_face: dict[str, Any], family: str) -> dict[str, Any]:
  """Translates the contents of config.json to the shape fields of Tunix's ModelConfig."""
  rope = hugging_face.get('rope_parameters') or {}
  theta = hugging_face.get('rope_theta', rope.get('rope_theta', 10000))
  scaling = hugging_face.get('rope_scaling') or rope
  if scaling.get('rope_type', scaling.get('type', 'default')) != 'default':
    raise ValueError('Tunix does not implement scaled rotary embeddings (rope_scaling)')
  if hugging_face.get('use_sliding_window'):
    raise ValueError('Tunix does not implement the sliding window of this model')
  if theta != _FIXED_THETA.get(family, theta):
    raise ValueError(
      f'Tunix computes {family} with rope_theta {_FIXED_THETA[family]}; this model needs {theta}'
    )
  heads = hugging_face['num_attention_heads']
  tied = 'weight_tying' if family == 'llama3' else 'use_tied_embedding'
  return {
    'num_layers': hugging_face['num_hidden_layers'],
    'vocab_size': hugging_face['vocab_size'],
    'embed_dim': hugging_face['hidden_size'],
    'hidden_dim': hugging_face['intermediate_size'],
    'num_heads': heads,
    'head_dim': hugging_face.get('head_dim') or hugging_face['hidden_size'] // heads,
    'num_kv_heads': hugging_face.get('num_key_value_heads') or heads,
    'rope_theta': theta,
    'norm_eps': hugging_face['rms_norm_eps'],
    tied: bool(hugging_face.get('tie_word_embeddings', False)),
  }


def add_lora(model: Any, mesh: Any, lora: dict[str, Any]) -> Any:
  """Returns the model with low-rank adapters on every module that `module_path` matches.

  Raises ValueError when it matches none: Tunix would then train all weights without a word.
  """
  from tunix.cli.utils import model as tunix_model
  from tunix.sft import utils

  names = module_names(model)
  adapted = tunix_model.apply_lora_to_model(model, mesh, lora)
  if not utils.is_lora_enabled(adapted):
    raise ValueError(
      f'the LoRA pattern {lora["module_path"]!r} matches no module of the model; '
      f'modules are named like {", ".join(_examples(names))}'
    )
  return adapted


def module_names(model: Any) -> list[str]:
  """Returns the slash-separated names that a LoRA pattern is matched against."""
  from flax import nnx

  paths = ((path, node) for path, node in nnx.iter_graph(model) if isinstance(node, nnx.Module))
  return ['/'.join(str(part) for part in path) for path, _ in paths if path]


def count_parameters(model: Any) -> tuple[int, int]:
  """Returns (numbers in all weights, numbers that training changes)."""
  import jax
  from flax import nnx
  from tunix.sft import utils

  def size(kind: type) -> int:
    return sum(leaf.size for leaf in jax.tree.leaves(nnx.state(model, kind)))

  everything = size(nnx.Param)
  return everything, size(nnx.LoRAParam) if utils.is_lora_enabled(model) else everything


def _examples(names: list[str]) -> list[str]:
  # One layer is enough to learn from; the others repeat it.
  first = [name for name in names if not re.search(r'layers/[1-9]', name)]
  return sorted(first, key=lambda name: not name.endswith('_proj'))[:6]


def _family(hugging_face: dict[str, Any]) -> str:
  model_type = hugging_face.get('model_type')
  if model_type not in FAMILIES:
    raise ValueError(
      f'model_type {model_type!r} is not supported; supported: {", ".join(sorted(FAMILIES))}'
    )
  return FAMILIES[model_type]


def _options(model_config: dict[str, Any], model_module: Any) -> dict[str, Any]:
  known = {field.name for field in dataclasses.fields(model_module.ModelConfig)}
  options: dict[str, Any] = {}
  if model_config.get('dtype') and 'dtype' in known:
    options['dtype'] = _dtype(model_config['dtype'])
  for name in ('use_flash_attention', 'flash_attention_block_size'):
    if model_config.get(name) is not None and name in known:
      options[name] = model_config[name]
  if model_config.get('remat_config') is not None:
    options['remat_config'] = model_module.RematConfig(model_config['remat_config'])
  return options


def _dtype(name: str | None) -> Any:
  import jax.numpy as jnp

  if not name:
    return None
  if name not in ('float32', 'bfloat16', 'float16'):
    raise ValueError(f'unknown dtype {name!r}; use float32, bfloat16 or float16')
  return getattr(jnp, name)


def _refuse_mixed_types(directory: pathlib.Path) -> None:
  """Tunix reads a whole file as the type of its first tensor: a mix would load as noise."""
  import safetensors

  for file in sorted(directory.glob('*.safetensors')):
    with safetensors.safe_open(file, framework='numpy') as tensors:
      types = {tensors.get_slice(name).get_dtype() for name in tensors.keys()}
    if len(types) > 1:
      raise ValueError(f'{file} mixes tensor types ({", ".join(sorted(types))})')
