"""What records are in tokens, without training: `python -m tunix_rt.tokens REQUEST.json`.

Text, tokens and loss mask come from the functions that training calls, so what is shown is what is
learnt. REQUEST.json holds

- `model_path`: a model directory, of which the tokenizer is read; null for the tiny model,
- `tiny`: null, or `{"train": PATH, "vocab_size": 512}`: the tokenizer that the tiny model of a run
  on these training records would have,
- `records`: paths of JSONL files as training reads them,
- `output`: the JSONL file to write, one line per record in order: `{"id", "count"}`; it appears
  when it is complete,
- `list_tokens`: 0, or how many tokens of a record are listed at most. Each line then has also
  `text`, the whole rendered text, `tokens`, a list of `{"id", "text", "loss"}`, and `loss_count`,
  how many of all its tokens carry loss,
- `exit_with_parent`: kill this process group when standard input ends.

Exit code 0, or 1 with the reason as the last line on stderr. Nothing is read from the network.
"""

from __future__ import annotations

import json
import os
import pathlib
import sys
import tempfile
from typing import Any

from tunix_rt import data, watch
from tunix_rt.events import to_line


def main(argv: list[str]) -> int:
  """Answers one request; returns the exit code."""
  if len(argv) != 2:
    print('usage: python -m tunix_rt.tokens REQUEST.json', file=sys.stderr)
    return 1
  os.environ.setdefault('TOKENIZERS_PARALLELISM', 'false')
  try:
    request = json.loads(pathlib.Path(argv[1]).read_text(encoding='utf-8'))
    if request.get('exit_with_parent'):
      watch.die_with_parent()
    beside = pathlib.Path(argv[1]).parent
    with tempfile.TemporaryDirectory(prefix='tokenizer-', dir=beside) as scratch:
      write(open_tokenizer(request, pathlib.Path(scratch)), request)
  except Exception as error:
    print(f'{type(error).__name__}: {error}', file=sys.stderr)
    return 1
  return 0


def open_tokenizer(request: dict[str, Any], scratch: pathlib.Path) -> Any:
  """Returns the tokenizer that training would use. `scratch` is an empty directory."""
  from tunix.generate.tokenizer_adapter import Tokenizer

  from tunix_rt import tiny

  path = request['model_path']
  if path is None:
    options = request['tiny']
    vocab_size = options.get('vocab_size', tiny.DEFAULTS['vocab_size'])
    tiny.write_tokenizer(scratch, vocab_size, tiny.texts(data.iterate_records(options['train'])))
    path = str(scratch)
  return Tokenizer('huggingface', path, add_bos=False, add_eos=False)


def write(tokenizer: Any, request: dict[str, Any]) -> None:
  """Writes one line for each record to `output`."""
  output = pathlib.Path(request['output'])
  draft = output.with_suffix('.tmp')
  listed = request.get('list_tokens', 0)
  with draft.open('w', encoding='utf-8') as lines:
    for path in request['records']:
      for record in data.iterate_records(path):
        lines.write(to_line(describe(tokenizer, record, listed)))
  os.replace(draft, output)


def describe(tokenizer: Any, record: data.Record, listed: int) -> dict[str, Any]:
  """Returns the line of one record; see the head of this file."""
  example = data.encode_record(tokenizer, record)
  count = len(example.tokens)
  line: dict[str, Any] = {'id': record.id, 'count': count}
  if listed:
    batch = data.to_batch([example], 1, count, tokenizer.pad_id())
    ids, loss = batch['tokens'][0, :listed].tolist(), batch['loss'][0, :listed].tolist()
    prompt = data.render_prompt(tokenizer, record.prompt)
    completion = data.render_completion(record.steps, record.answer)
    end = tokenizer.decode([tokenizer.eos_id()])
    pieces = [*_pieces(tokenizer, prompt), *_pieces(tokenizer, completion), end]
    line['text'] = prompt + completion + end
    line['tokens'] = [
      {'id': token, 'text': text, 'loss': learnt}
      for token, text, learnt in zip(ids, pieces[:listed], loss, strict=True)
    ]
    line['loss_count'] = int(batch['loss'].sum())
  return line


def _pieces(tokenizer: Any, text: str) -> list[str]:
  """Cuts `text` at its tokens: one piece for each, and together they are the text.

  The bytes of one character can be several tokens; the first of them has the character and the
  others are empty. Raises ValueError for a tokenizer that does not say where its tokens stand.
  """
  if not tokenizer.is_fast:
    raise ValueError(
      'this tokenizer has no tokenizer.json, so its tokens have no places in the text'
    )
  encoded = tokenizer.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
  pieces, done = [], 0
  for _start, end in encoded['offset_mapping']:
    pieces.append(text[done : max(done, end)])
    done = max(done, end)
  if pieces and done < len(text):
    pieces[-1] += text[done:]
  return pieces


if __name__ == '__main__':
  sys.exit(main(sys.argv))
