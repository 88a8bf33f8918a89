"""Prints one JSON line about this interpreter: versions and devices. `python -m tunix_rt.probe`"""

from __future__ import annotations

import importlib.metadata
import json
import platform
from typing import Any

from tunix_rt import memory

PACKAGES = {
  'tunix': 'google-tunix',
  'jax': 'jax',
  'flax': 'flax',
  'qwix': 'qwix',
  'transformers': 'transformers',
}


def versions() -> dict[str, str | None]:
  """Returns the version of Python and of each package; None for one that is not installed."""
  found: dict[str, str | None] = {'python': platform.python_version()}
  for name, package in PACKAGES.items():
    try:
      found[name] = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
      found[name] = None
  return found


def devices() -> list[dict[str, Any]]:
  """Returns every device that JAX sees. Starts the backend."""
  import jax

  return [
    {
      'kind': device.device_kind,
      'platform': device.platform,
      'id': device.id,
      'memoryBytes': memory.limit(device),
    }
    for device in jax.devices()
  ]


def probe() -> dict[str, Any]:
  """Returns what `python -m tunix_rt.probe` prints. Raises ImportError when Tunix cannot run."""
  import jax
  import tunix.sft.peft_trainer  # noqa: F401  what a run needs, so what a probe must try

  return {**versions(), 'backend': jax.default_backend(), 'devices': devices()}


if __name__ == '__main__':
  print(json.dumps(probe()))
