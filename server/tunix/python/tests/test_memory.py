"""Memory of devices. Stand-ins for them: no GPU need be here; the keys are those of JAX."""

from __future__ import annotations

import dataclasses

import jax
import pytest

from tunix_rt import memory


@dataclasses.dataclass
class Device:
  """As much of `jax.Device` as is asked."""

  stats: dict[str, int] | None
  platform: str = 'gpu'

  def memory_stats(self) -> dict[str, int] | None:
    return self.stats


GIB = 2**30
BUSY = Device({'bytes_in_use': 3 * GIB, 'peak_bytes_in_use': 5 * GIB, 'bytes_limit': 8 * GIB})
IDLE = Device({'bytes_in_use': GIB, 'peak_bytes_in_use': 6 * GIB, 'bytes_limit': 8 * GIB})


def test_the_fullest_device_counts():
  assert memory.fullest([BUSY, IDLE]) == {'in_use': 3 * GIB, 'peak': 6 * GIB}
  assert memory.limit(BUSY) == 8 * GIB


@pytest.mark.parametrize('device', [Device(None), Device({}), Device({'bytes_in_use': 1}, 'cpu')])
def test_a_device_without_memory_of_its_own_has_no_figures(device):
  assert memory.fullest([device]) == {}
  assert memory.limit(device) is None


def test_the_processor_here_has_none():
  assert memory.fullest(jax.local_devices(backend='cpu')) == {}
