"""The memory of devices that have their own: GPUs and TPUs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def limit(device: Any) -> int | None:
  """Returns how many bytes JAX may take of a device's own memory; None where it has none."""
  return _stats(device).get('bytes_limit')


def fullest(devices: Iterable[Any]) -> dict[str, int]:
  """Returns the bytes `in_use` now and at their `peak`, each of the device that has the most.

  The peak is since the process began. Empty where no device has memory of its own.
  """
  stats = [_stats(device) for device in devices]
  found = {}
  for name, key in (('in_use', 'bytes_in_use'), ('peak', 'peak_bytes_in_use')):
    known = [each[key] for each in stats if key in each]
    if known:
      found[name] = max(known)
  return found


def _stats(device: Any) -> dict[str, int]:
  return (device.memory_stats() if device.platform != 'cpu' else None) or {}
