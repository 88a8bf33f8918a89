"""The client: one object for a server."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import documents, frames
from .background import Background
from .connection import Connection, last_of, patiently
from .cursor import Cursor
from .errors import ApiError, granted
from .events import RunEvent
from .follow import Place, follow_run
from .imports import import_traces

if TYPE_CHECKING:
  import pandas

  from .widget import RunWidget

_PATIENCE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Run:
  """A run: its id for programs, its number for people."""

  id: str
  number: int


def connect(url: str | None = None, key: str | None = None) -> Client:
  """A client for the server at `url`.

  Args:
    url: `http://127.0.0.1:4000`; TUNIX_RT_URL when not given, else this machine.
    key: what proves who asks; TUNIX_RT_KEY when not given. Not needed while the server asks nobody.
  """
  address = url or os.environ.get('TUNIX_RT_URL') or 'http://127.0.0.1:4000'
  return Client(Connection(address.rstrip('/'), key or os.environ.get('TUNIX_RT_KEY') or None))


class Client:
  """Asks one server. Each call may be made where an event loop runs, such as in a notebook.

  Every call raises ApiError for what the server refuses and ConnectionLostError when it cannot be
  reached. What is not here is one `query` away: it takes any document of the API.
  """

  def __init__(self, connection: Connection) -> None:
    self._connection = connection
    self._background = Background()

  def __repr__(self) -> str:
    return f'Client({self.url!r})'

  @property
  def url(self) -> str:
    """The server."""
    return self._connection.url

  def query(self, document: str, **variables: Any) -> dict[str, Any]:
    """The data of one operation, such as `query('{ overview { traceCount } }')`."""
    return self._background.run(self.query_async(document, **variables))

  async def query_async(self, document: str, **variables: Any) -> dict[str, Any]:
    """The same for a program that awaits."""
    return await self._connection.query(document, variables)

  def query_df(self, document: str, **variables: Any) -> pandas.DataFrame:
    """The first list or connection of an answer as a table. Needs pandas.

    All pages are read when the document has a variable `$after` and asks for
    `pageInfo { hasNextPage endCursor }`.
    """
    return frames.query_df(lambda values: self.query(document, **values), variables)

  def run(self, ref: int | str | Run) -> Run:
    """The run with this number or id."""
    return self._background.run(self._find(ref))

  async def _find(self, ref: int | str | Run) -> Run:
    if isinstance(ref, Run):
      return ref
    name = 'number' if isinstance(ref, int) else 'id'
    found = (await self.query_async(documents.RUN, **{name: ref}))['run']
    if found is None:
      raise ApiError(f'There is no run {ref}.', 'NOT_FOUND')
    return Run(**found)

  def follow(
    self, run: int | str | Run, cursor: Place | None = None, *, patience: float = _PATIENCE_SECONDS
  ) -> Generator[RunEvent]:
    """What happens to a run, from the cursor on, until it and its evaluations are over.

    A lost connection is taken up again where it was. The cursor stands behind an event when the
    event arrives here.

    Args:
      run: by number, id or as `start_run` gave it.
      cursor: a `Cursor` or a `History`; from the beginning without.
      patience: for how many seconds the server may be away.
    """
    yield from self._background.iterate(self.follow_async(run, cursor, patience=patience))

  async def follow_async(
    self, run: int | str | Run, cursor: Place | None = None, *, patience: float = _PATIENCE_SECONDS
  ) -> AsyncGenerator[RunEvent]:
    """The same for `async for`."""
    place = Cursor() if cursor is None else cursor
    stream = follow_run(self._connection, (await self._find(run)).id, place, patience)
    async with aclosing(stream) as events:
      async for event in events:
        yield event

  def widget(self, run: int | str | Run, cursor: Place | None = None) -> RunWidget:
    """A live view of a run for a notebook: status, loss, last lines. Needs ipywidgets."""
    from .widget import RunWidget

    return RunWidget(self, self.run(run), cursor)

  def import_traces(
    self,
    traces: str | os.PathLike[str] | Iterable[Mapping[str, Any]],
    *,
    source: str | None = None,
    tags: Iterable[str] = (),
  ) -> dict[str, Any]:
    """Stores traces: a file of lines (.jsonl, .jsonl.gz) or objects. Returns the report.

    What is there already is not stored again. For files that take long, `npx tunix-rt import` goes
    on after an interruption; this does not.
    """
    return self._background.run(import_traces(self._connection, traces, source, tags))

  def build(self, name: str, version: str, **options: Any) -> dict[str, Any]:
    """Builds a dataset; `options` are of BuildDatasetInput: limit, seed, filter, split, …"""
    variables = {'input': {'name': name, 'version': version, **options}}
    answer = granted(self.query(documents.BUILD, **variables)['buildDataset'])
    dataset: dict[str, Any] = answer['dataset']
    return dataset

  def start_run(
    self,
    dataset: str,
    model: str,
    *,
    options: Mapping[str, Any] | None = None,
    **hyperparameters: Any,
  ) -> Run:
    """Starts a run that trains.

    Args:
      dataset: by its key.
      model: one of `models` of the API.
      options: other fields of CreateRunInput: name, evaluationSetKey, idempotencyKey, mode, …
      hyperparameters: of HyperparametersInput: batchSize, maxSteps, learningRate, …
    """
    given = {'datasetKey': dataset, 'modelId': model, 'mode': 'LOCAL', **(options or {})}
    variables = {'input': {**given, 'hyperparameters': hyperparameters}}
    started = granted(self.query(documents.START, **variables)['createRun'])['run']
    return Run(started['id'], started['number'])

  def cancel(self, run: int | str | Run, *, now: bool = False) -> None:
    """Stops a run. One that trains saves a checkpoint first, unless `now`."""
    values = {'runId': self.run(run).id, 'mode': 'NOW' if now else 'SAVE'}
    granted(self.query(documents.CANCEL, input=values)['cancelRun'])

  def evaluate(self, run: int | str | Run, **options: Any) -> dict[str, Any]:
    """Has a completed run judged and waits for the score; `options` are of EvaluateRunInput."""
    values = {'runId': self.run(run).id, **options}
    asked = granted(self.query(documents.EVALUATE, input=values)['evaluateRun'])
    which = {'id': asked['evaluation']['id']}
    changes = patiently(
      lambda: self._connection.subscribe(documents.EVALUATION, which), _PATIENCE_SECONDS
    )
    evaluation: dict[str, Any] = self._background.run(last_of(changes))
    return evaluation

  def set_baseline(self, name: str, evaluation: str, **policy: Any) -> dict[str, Any]:
    """Pins an evaluation, by id, under a name; `policy` is of SetBaselineInput."""
    values = {'name': name, 'evaluationId': evaluation, **policy}
    answer = granted(self.query(documents.SET_BASELINE, input=values)['setBaseline'])
    baseline: dict[str, Any] = answer['baseline']
    return baseline

  def gate(self, run: int | str | Run, baseline: str) -> dict[str, Any]:
    """Checks a run against a baseline, by name. `outcome` is PASS, WARN or FAIL."""
    values = {'runId': self.run(run).id, 'baseline': baseline}
    answer = granted(self.query(documents.CHECK, input=values)['checkRegression'])
    check: dict[str, Any] = answer['check']
    return check
