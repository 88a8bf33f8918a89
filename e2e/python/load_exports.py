"""Loads the exports of a dataset as a notebook would, with the public datasets package.

`python load_exports.py URL KEY` downloads each format and side and the manifest, and prints what it
found as one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import urllib.request
from pathlib import Path

# Everything comes from files; nothing may ask the hub.
os.environ['HF_HUB_OFFLINE'] = '1'
os.environ['HF_DATASETS_OFFLINE'] = '1'

FORMATS = ('trace', 'tunix_sft', 'training_example')
SIDES = ('train', 'eval', 'test')


def download(url: str, path: Path) -> str:
  """Writes what an address answers to a file and returns the file's name."""
  with urllib.request.urlopen(url, timeout=60) as response:
    path.write_bytes(response.read())
  return str(path)


def main() -> None:
  url, key = sys.argv[1:]
  with tempfile.TemporaryDirectory() as folder:
    os.environ['HF_HOME'] = f'{folder}/cache'
    from datasets import load_dataset

    found: dict[str, object] = {}
    for name in FORMATS:
      files = {
        side: download(
          f'{url}/datasets/{key}/export.jsonl?format={name}&split={side}',
          Path(folder) / f'{name}-{side}.jsonl',
        )
        for side in SIDES
      }
      loaded = load_dataset('json', data_files=files)
      found[name] = {
        'columns': sorted(loaded['train'].column_names),
        'rows': {side: loaded[side].num_rows for side in SIDES},
        'ids': [row['id'] for side in SIDES for row in loaded[side]],
        'first': loaded['train'][0],
      }
    manifest = download(f'{url}/datasets/{key}/manifest.json', Path(folder) / 'manifest.json')
    found['manifest'] = json.loads(Path(manifest).read_text())
    print(json.dumps(found))


if __name__ == '__main__':
  main()
