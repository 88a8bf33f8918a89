"""Executes the quickstart in a real Jupyter kernel, which is killed once while it follows the run.

`python notebook.py URL FOLDER BYTES` executes FOLDER/quickstart.ipynb against the server at URL.
When the history has so many bytes, the kernel is killed, and a new one executes all cells from the
top. Prints as one JSON object what the notebook holds at the end and the output of each cell.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]

HOLDS = """
import json
from tunix_rt_client import Event
print(json.dumps({
  'text': history.text,
  'last_line': history.cursor.log,
  'points': [[point.name, point.step, point.value] for point in history.points],
  'events': [[event.seq, event.kind] for event in history.events if isinstance(event, Event)],
}))
"""


def read(folder: Path) -> nbformat.NotebookNode:
  """The notebook, with a cell behind the others that says what it holds."""
  notebook = nbformat.read(folder / 'quickstart.ipynb', as_version=4)
  notebook.cells.append(nbformat.v4.new_code_cell(HOLDS, id='holds'))
  return notebook


def execute(folder: Path, kill_at: int | None) -> nbformat.NotebookNode | None:
  """Executes all cells; None when the kernel was killed because the history had so many bytes."""
  return asyncio.run(_execute(folder, kill_at))


async def _execute(folder: Path, kill_at: int | None) -> nbformat.NotebookNode | None:
  notebook = read(folder)
  client = NotebookClient(
    notebook, timeout=300, kernel_name='python3', resources={'metadata': {'path': str(folder)}}
  )
  async with client.async_setup_kernel():
    for index, cell in enumerate(notebook.cells):
      executing = asyncio.create_task(client.async_execute_cell(cell, index))
      if cell.id == 'follow' and kill_at is not None:
        await until_written(folder / 'history' / 'quickstart-1.jsonl', kill_at, executing)
        await client.km.signal_kernel(9)
        await asyncio.gather(executing, return_exceptions=True)
        return None
      await executing
  return notebook


async def until_written(path: Path, size: int, executing: asyncio.Task[object]) -> None:
  """Waits until a file has so many bytes; raises when the cell is over before."""
  while not path.exists() or path.stat().st_size < size:
    if executing.done():
      raise SystemExit(f'The cell was over before {path.name} had {size} bytes.')
    await asyncio.sleep(0.02)


def text_of(cell: nbformat.NotebookNode) -> str:
  """What a cell printed and returned."""
  return ''.join(
    output.get('text') or output.get('data', {}).get('text/plain', '') for output in cell.outputs
  )


def main() -> None:
  url, folder, kill_at = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
  os.environ.update(
    TUNIX_RT_URL=url,
    PYTHONPATH=os.pathsep.join([str(ROOT / 'python'), os.environ['PYTHONPATH']]),
    # Nothing is read from or written to the home of whoever tests.
    IPYTHONDIR=str(folder / '.ipython'),
    JUPYTER_CONFIG_DIR=str(folder / '.jupyter'),
    JUPYTER_DATA_DIR=str(folder / '.jupyter'),
    JUPYTER_RUNTIME_DIR=str(folder / '.jupyter'),
    MPLCONFIGDIR=str(folder / '.matplotlib'),
  )
  if execute(folder, kill_at) is not None:
    raise SystemExit('The kernel was not killed.')
  print('The kernel was killed.', file=sys.stderr, flush=True)
  notebook = execute(folder, None)
  assert notebook is not None
  cells = {cell.id: text_of(cell) for cell in notebook.cells if cell.cell_type == 'code'}
  print(json.dumps({'holds': json.loads(cells.pop('holds')), 'cells': cells}))


if __name__ == '__main__':
  main()
