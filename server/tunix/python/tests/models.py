"""Models in this process: loaded by our code, computed by Tunix."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np

import example
from tunix_rt import data, loading, tiny

TOKENS = [1, 40, 77, 300, 12, 5, 260, 2, 9, 31]


def mesh() -> Any:
  from tunix.utils import mesh as tunix_mesh

  return tunix_mesh.create_mesh((1, 1), ('fsdp', 'tp'))


def records() -> list[data.Record]:
  return [data.Record(**record) for record in example.records(60)]


def tiny_model(directory: pathlib.Path, **options: Any) -> pathlib.Path:
  tiny.ensure_tiny_model(str(directory), {'vocab_size': 384, **options}, records())
  return directory


def load(directory: pathlib.Path, **options: Any) -> loading.Loaded:
  return loading.load_model({'model_path': str(directory), **options}, mesh())


def tokenizer(directory: pathlib.Path) -> Any:
  from tunix.generate.tokenizer_adapter import Tokenizer

  return Tokenizer('huggingface', str(directory), add_bos=False, add_eos=False)


def logits(model: Any, tokens: list[int] = TOKENS) -> np.ndarray:
  """Tunix's float32 logits of shape [len(tokens), vocab_size]."""
  import jax.numpy as jnp
  from tunix.sft import utils

  valid = jnp.ones((1, len(tokens)), bool)
  positions = utils.build_positions_from_mask(valid)
  mask = utils.make_causal_attn_mask(valid)
  return np.asarray(model(jnp.asarray([tokens]), positions, None, mask)[0][0])
