"""Reads tables and samples as JSON from stdin and writes what SciPy and NumPy make of them.

Input: {"tables": [[worse, better], …], "proportions": [[successes, total], …],
        "samples": [{"values": […], "alpha": a, "seed": s, "resamples": r}, …],
        "quantiles": [p, …], "families": [[p, …], …]}
Output: the same keys with lists of results in the same order.
"""

import json
import random
import sys

import numpy as np
from scipy import stats


def mcnemar(worse: int, better: int) -> float:
  """McNemar's exact test is the sign test of the discordant pairs."""
  pairs = worse + better
  return 1.0 if pairs == 0 else stats.binomtest(worse, pairs, 0.5).pvalue


def wilson(successes: int, total: int) -> list[float]:
  """The Wilson interval without continuity correction, as [low, high]."""
  interval = stats.binomtest(successes, total).proportion_ci(0.95, method='wilson')
  return [interval.low, interval.high]


def bootstrap(values: list[float], alpha: float, seed: int, resamples: int) -> list[float]:
  """The percentile interval of the mean, drawn with CPython's own generator."""
  source = np.asarray(values, dtype=float)
  draw = random.Random(seed).random
  count = len(values)
  picks = np.fromiter((draw() for _ in range(count * resamples)), float, count * resamples)
  indices = np.floor(picks * count).astype(int).reshape(resamples, count)
  means = source[indices].mean(axis=1)
  return list(np.quantile(means, [alpha / 2, 1 - alpha / 2]))


def holm(family: list[float]) -> list[float]:
  """Holm's correction by its definition: the largest of the scaled p values up to each rank."""
  scaled = sorted((p, place) for place, p in enumerate(family))
  corrected = [0.0] * len(family)
  for rank, (_, place) in enumerate(scaled):
    corrected[place] = max(
      min(1.0, (len(family) - before) * scaled[before][0]) for before in range(rank + 1)
    )
  return corrected


given = json.load(sys.stdin)
json.dump(
  {
    'tables': [mcnemar(*table) for table in given['tables']],
    'proportions': [wilson(*proportion) for proportion in given['proportions']],
    'samples': [bootstrap(**sample) for sample in given['samples']],
    'quantiles': [float(stats.norm.ppf(p)) for p in given['quantiles']],
    'families': [holm(family) for family in given['families']],
  },
  sys.stdout,
)
