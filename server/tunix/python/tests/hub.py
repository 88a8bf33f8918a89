"""A stand-in for the Hugging Face hub: as much of its HTTP interface as `huggingface_hub` uses.

Answers like the hub's own: information about a model and its tree, files at a commit, and large
ones by a redirect to another host, which must not see the token. It keeps a log of all requests.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import http.server
import json
import pathlib
import threading
import urllib.parse
from collections.abc import Callable
from typing import Any

COMMIT = 'c0ffee' + 34 * '0'


@dataclasses.dataclass
class Repo:
  """One model repository; `token` is the only one that may read its files."""

  files: dict[str, bytes]
  gated: bool = False
  token: str | None = None


@dataclasses.dataclass(frozen=True)
class Request:
  method: str
  path: str
  token: str | None


# Returns True when it has answered the request itself.
Interference = Callable[['Handler', Request], bool]


class Hub:
  """Serves repositories on a free local port until the end of the `with` block."""

  def __init__(self) -> None:
    self.repos: dict[str, Repo] = {}
    self.requests: list[Request] = []
    self.interfere: Interference = lambda handler, request: False
    # Sizes that the hub declares, where they are not those of the files.
    self.declared: dict[str, int] = {}
    self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    self._server.daemon_threads = True
    self._server.hub = self
    self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

  @property
  def endpoint(self) -> str:
    return f'http://127.0.0.1:{self._server.server_port}'

  @property
  def storage(self) -> str:
    """Another host, where the large files are."""
    return f'http://localhost:{self._server.server_port}/storage'

  def add(self, repo_id: str, directory: pathlib.Path, **options: Any) -> Repo:
    """Adds a repository with the files of a directory."""
    files = {
      str(file.relative_to(directory)): file.read_bytes()
      for file in directory.rglob('*')
      if file.is_file()
    }
    self.repos[repo_id] = Repo(files, **options)
    return self.repos[repo_id]

  def paths(self, method: str = 'GET') -> list[str]:
    return [request.path for request in self.requests if request.method == method]

  def asked_for_weights(self) -> bool:
    return any('storage' in path or '.safetensors' in path for path in self.paths())

  def __enter__(self) -> Hub:
    self._thread.start()
    return self

  def __exit__(self, *_: object) -> None:
    self._server.shutdown()
    self._thread.join()
    self._server.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
  protocol_version = 'HTTP/1.1'

  @property
  def hub(self) -> Hub:
    return self.server.hub

  def log_message(self, format: str, *arguments: object) -> None:
    pass

  def do_HEAD(self) -> None:
    self._answer()

  def do_GET(self) -> None:
    self._answer()

  def _answer(self) -> None:
    path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
    token = (self.headers.get('Authorization') or '').removeprefix('Bearer ') or None
    request = Request(self.command, path, token)
    self.hub.requests.append(request)
    if self.hub.interfere(self, request):
      return
    parts = path.strip('/').split('/')
    if parts[0] == 'storage':
      self.send_content(self.hub.repos['/'.join(parts[1:3])].files[parts[3]], {})
    elif parts[:2] == ['api', 'models'] and len(parts) >= 4:
      self._api('/'.join(parts[2:4]), parts[4:], token)
    elif len(parts) == 5 and parts[2:4] == ['resolve', COMMIT]:
      self._resolve('/'.join(parts[:2]), parts[4], token)
    else:
      self.refuse(404)

  def _api(self, repo_id: str, rest: list[str], token: str | None) -> None:
    repo = self._visible(repo_id, token)
    if not repo:
      return
    if rest == ['tree', COMMIT]:
      self._json([self._tree_entry(name, content) for name, content in repo.files.items()])
    elif not rest:
      siblings = [self._sibling(name, content) for name, content in repo.files.items()]
      gated = 'manual' if repo.gated else False
      self._json({'id': repo_id, 'sha': COMMIT, 'gated': gated, 'siblings': siblings})
    else:
      self.refuse(404)

  def _resolve(self, repo_id: str, name: str, token: str | None) -> None:
    repo = self._visible(repo_id, token)
    if not repo:
      return
    if repo.gated and token != repo.token:
      self.refuse(403 if token else 401, 'GatedRepo', f'Access to model {repo_id} is restricted.')
    elif name not in repo.files:
      self.refuse(404, 'EntryNotFound', 'Entry not found')
    elif _is_large(name):
      content = repo.files[name]
      self._head(
        302,
        {
          'Location': f'{self.hub.storage}/{repo_id}/{name}',
          'Content-Length': '0',
          'X-Repo-Commit': COMMIT,
          'X-Linked-ETag': f'"{_sha256(content)}"',
          'X-Linked-Size': str(len(content)),
        },
      )
    else:
      content = repo.files[name]
      self.send_content(content, {'X-Repo-Commit': COMMIT, 'ETag': f'"{_blob_id(content)}"'})

  def _visible(self, repo_id: str, token: str | None) -> Repo | None:
    """A repository that is not there and one that is private look the same."""
    repo = self.hub.repos.get(repo_id)
    if repo and (repo.gated or token == repo.token):
      return repo
    if token:
      self.refuse(404, 'RepoNotFound', 'Repository not found')
    else:
      self.refuse(401, None, 'Invalid username or password.')
    return None

  def _tree_entry(self, name: str, content: bytes) -> dict[str, Any]:
    size = self._size(name, content)
    entry = {'type': 'file', 'path': name, 'size': size, 'oid': _blob_id(content)}
    if _is_large(name):
      entry['lfs'] = {'oid': _sha256(content), 'size': size, 'pointerSize': 134}
    return entry

  def _sibling(self, name: str, content: bytes) -> dict[str, Any]:
    size = self._size(name, content)
    entry = {'rfilename': name, 'size': size, 'blobId': _blob_id(content)}
    if _is_large(name):
      entry['lfs'] = {'sha256': _sha256(content), 'size': size, 'pointerSize': 134}
    return entry

  def _size(self, name: str, content: bytes) -> int:
    return self.hub.declared.get(name, len(content))

  def refuse(self, status: int, code: str | None = None, message: str | None = None) -> None:
    headers = {'X-Error-Code': code, 'X-Error-Message': message, 'Content-Length': '0'}
    self._head(status, {name: value for name, value in headers.items() if value})

  def cut(self, content: bytes) -> None:
    """Sends the first half and hangs up."""
    self._head(200, {'Content-Length': str(len(content))})
    self.wfile.write(content[: len(content) // 2])
    self.close_connection = True

  def _json(self, value: Any) -> None:
    self.send_content(json.dumps(value).encode(), {'Content-Type': 'application/json'})

  def send_content(self, content: bytes, headers: dict[str, str]) -> None:
    start = int((self.headers.get('Range') or 'bytes=0-')[len('bytes=') :].rstrip('-'))
    length = {'Content-Length': str(len(content) - start)}
    if start:
      length['Content-Range'] = f'bytes {start}-{len(content) - 1}/{len(content)}'
    self._head(206 if start else 200, {**headers, **length})
    if self.command == 'GET':
      with contextlib.suppress(ConnectionError):  # A test may have stopped the client.
        self.wfile.write(content[start:])

  def _head(self, status: int, headers: dict[str, str]) -> None:
    self.send_response(status)
    for name, value in headers.items():
      self.send_header(name, value)
    self.end_headers()


def _is_large(name: str) -> bool:
  return name.endswith(('.safetensors', '.bin', 'tokenizer.json'))


def _sha256(content: bytes) -> str:
  return hashlib.sha256(content).hexdigest()


def _blob_id(content: bytes) -> str:
  return hashlib.sha1(b'blob %d\0' % len(content) + content).hexdigest()
