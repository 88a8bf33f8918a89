"""What Hugging Face computes for Qwen3, Qwen2 and Llama, in NumPy.

Written from the published architecture, sharing no code with Tunix or with our exporter, so that an
exported directory is judged by its contents alone. PyTorch would be the natural judge, but on Linux
its only package on PyPI is the CUDA build of several gigabytes.
"""

from __future__ import annotations

import json
import pathlib

import numpy as np
from safetensors.numpy import load_file


def logits(directory: pathlib.Path, tokens: list[int]) -> np.ndarray:
  """Returns float64 logits of shape [len(tokens), vocab_size]."""
  config = json.loads((directory / 'config.json').read_text())
  weights: dict[str, np.ndarray] = {}
  for file in directory.glob('*.safetensors'):
    weights |= {name: value.astype(np.float64) for name, value in load_file(file).items()}
  eps = config['rms_norm_eps']
  embedding = weights['model.embed_tokens.weight']
  x = embedding[tokens]
  for index in range(config['num_hidden_layers']):
    layer = _Layer(weights, f'model.layers.{index}.', config)
    x = x + layer.attention(_norm(x, layer['input_layernorm.weight'], eps))
    x = x + layer.mlp(_norm(x, layer['post_attention_layernorm.weight'], eps))
  head = embedding if config['tie_word_embeddings'] else weights['lm_head.weight']
  return _norm(x, weights['model.norm.weight'], eps) @ head.T


def _norm(x: np.ndarray, weight: np.ndarray, eps: float) -> np.ndarray:
  return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + eps) * weight


class _Layer:
  def __init__(self, weights: dict[str, np.ndarray], prefix: str, config: dict):
    self._weights, self._prefix, self._config = weights, prefix, config

  def __getitem__(self, name: str) -> np.ndarray:
    return self._weights[self._prefix + name]

  def _linear(self, name: str, x: np.ndarray) -> np.ndarray:
    bias = self._weights.get(f'{self._prefix}{name}.bias', 0.0)
    return x @ self[f'{name}.weight'].T + bias

  def _heads(self, name: str, x: np.ndarray, count: int) -> np.ndarray:
    size = self._config['head_dim']
    heads = self._linear(f'self_attn.{name}_proj', x).reshape(len(x), count, size)
    scale = self._weights.get(f'{self._prefix}self_attn.{name}_norm.weight')
    if scale is not None:
      heads = _norm(heads, scale, self._config['rms_norm_eps'])
    return heads

  def attention(self, x: np.ndarray) -> np.ndarray:
    count, groups = self._config['num_attention_heads'], self._config['num_key_value_heads']
    queries = self._rotate(self._heads('q', x, count))
    keys = np.repeat(self._rotate(self._heads('k', x, groups)), count // groups, axis=1)
    values = np.repeat(self._heads('v', x, groups), count // groups, axis=1)
    scores = np.einsum('qhd,khd->hqk', queries, keys) / np.sqrt(self._config['head_dim'])
    scores = np.where(np.tri(len(x), dtype=bool), scores, -np.inf)
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    scores = scores / scores.sum(-1, keepdims=True)
    mixed = np.einsum('hqk,khd->qhd', scores, values).reshape(len(x), -1)
    return self._linear('self_attn.o_proj', mixed)

  def _rotate(self, heads: np.ndarray) -> np.ndarray:
    half = heads.shape[-1] // 2
    speeds = self._config['rope_theta'] ** (-np.arange(half) / half)
    angles = np.arange(len(heads))[:, None, None] * speeds
    first, second = heads[..., :half], heads[..., half:]
    cos, sin = np.cos(angles), np.sin(angles)
    return np.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)

  def mlp(self, x: np.ndarray) -> np.ndarray:
    gate, up = self._linear('mlp.gate_proj', x), self._linear('mlp.up_proj', x)
    return self._linear('mlp.down_proj', gate / (1 + np.exp(-gate)) * up)
