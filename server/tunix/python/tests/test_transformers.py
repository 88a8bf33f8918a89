"""What transformers computes from an export. Needs PyTorch, which nothing else here asks for.

Not part of a plain `pytest`; `npm run test:transformers` installs what it needs and runs it.
"""

from __future__ import annotations

import numpy as np
import torch
from transformers import AutoModelForCausalLM

import models

# Both compute in float32, in another order.
TOLERANCE = 1e-4


def test_an_export_gives_the_logits_of_tunix(finished):
  directory = finished.dir / 'export'
  model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32)
  with torch.no_grad():
    found = model(torch.tensor([models.TOKENS])).logits[0].numpy()
  expected = models.logits(models.load(directory).model)
  print(f'largest difference {np.abs(found - expected).max():.2e}')
  np.testing.assert_allclose(found, expected, atol=TOLERANCE)
