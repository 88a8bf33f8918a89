"""Models from the hub, which a server in this process stands in for; see hub.py."""

from __future__ import annotations

import errno
import json
import socket

import pytest

import models
from fetching import NEEDED, REPO, WEIGHTS, Fetch, nothing_is_left
from hub import COMMIT
from tunix_rt import fetch, fetch_error


def test_a_model_arrives_and_loads(hub, base, target):
  fetched = Fetch(hub.endpoint, target)
  sizes = {name: (base / name).stat().st_size for name in NEEDED}
  assert fetched.result() == {
    'repo_id': REPO,
    'revision': COMMIT,
    'files': 4,
    'bytes': sum(sizes.values()),
    'downloaded': True,
  }
  assert sorted(file.name for file in target.iterdir()) == sorted([*NEEDED, 'revision.json'])
  assert all((target / name).read_bytes() == (base / name).read_bytes() for name in NEEDED)
  assert json.loads((target / 'revision.json').read_text()) == {
    'repo_id': REPO,
    'revision': COMMIT,
  }
  assert [entry.name for entry in target.parent.iterdir()] == ['tiny']
  lines = fetched.stderr.splitlines()
  assert lines[0].startswith(f'{REPO} at {COMMIT}: 4 files, ')
  assert f'{WEIGHTS}: {sizes[WEIGHTS] / 1000:.3g} kB' in lines
  assert '\r' not in fetched.stderr
  assert models.logits(models.load(target).model).shape == (len(models.TOKENS), 384)
  assert models.tokenizer(target).encode('Ada')


def test_a_model_that_is_there_needs_no_request(hub, target):
  first = Fetch(hub.endpoint, target).result()
  requests = len(hub.requests)
  assert Fetch(hub.endpoint, target).result() == {**first, 'downloaded': False}
  assert len(hub.requests) == requests


@pytest.mark.parametrize(
  ('environment', 'reason'),
  [({}, 'it is private: set HF_TOKEN'), ({'HF_TOKEN': 'mine'}, 'HF_TOKEN may not see it')],
  ids=['without a token', 'with a token'],
)
def test_a_repository_that_is_not_there(hub, target, environment, reason):
  fetched = Fetch(hub.endpoint, target, 'someone/else', **environment).reason()
  assert fetched.startswith(f'someone/else was not found at {hub.endpoint}: the name is wrong')
  assert reason in fetched
  assert nothing_is_left(target)


@pytest.mark.parametrize(
  ('environment', 'reason'),
  [
    ({}, 'is gated: accept the terms at {} and set HF_TOKEN to a token of that account'),
    ({'HF_TOKEN': 'mine'}, 'is gated and the account of HF_TOKEN has no access: accept the terms'),
  ],
  ids=['without a token', 'with a token'],
)
def test_a_gated_model(hub, target, environment, reason):
  hub.repos[REPO].gated = True
  hub.repos[REPO].token = 'granted'
  fetched = Fetch(hub.endpoint, target, **environment).reason()
  assert reason.format(f'{hub.endpoint}/{REPO}') in fetched
  assert 'mine' not in fetched
  assert nothing_is_left(target)


def test_the_token_goes_to_the_hub_and_nowhere_else(hub, target):
  hub.repos[REPO].gated = True
  hub.repos[REPO].token = 'granted'
  assert Fetch(hub.endpoint, target, HF_TOKEN='granted').result()['downloaded']
  stored = [request for request in hub.requests if request.path.startswith('/storage')]
  assert stored
  assert {request.token for request in stored} == {None}
  assert {request.token for request in hub.requests if request not in stored} == {'granted'}


def test_a_token_of_an_earlier_login_is_not_used(hub, target):
  login = target.parents[1] / '.cache' / 'huggingface' / 'token'
  login.parent.mkdir(parents=True)
  login.write_text('granted')
  assert Fetch(hub.endpoint, target).result()['downloaded']
  assert {request.token for request in hub.requests} == {None}


def test_a_hub_that_cannot_be_reached(target):
  with socket.socket() as nobody_listens:
    nobody_listens.bind(('127.0.0.1', 0))
    endpoint = f'http://127.0.0.1:{nobody_listens.getsockname()[1]}'
    reason = Fetch(endpoint, target).reason()
  assert reason.startswith(f'{endpoint} cannot be reached')
  assert f'download {REPO} elsewhere and put its folder' in reason
  assert reason.endswith('under MODELS_DIR')
  assert nothing_is_left(target)


def test_the_password_of_a_mirror_is_not_said(target):
  with socket.socket() as nobody_listens:
    nobody_listens.bind(('127.0.0.1', 0))
    mirror = f'127.0.0.1:{nobody_listens.getsockname()[1]}'
    fetched = Fetch(f'http://me:secret@{mirror}', target)
    assert fetched.reason().startswith(f'http://{mirror} cannot be reached')
  assert 'secret' not in fetched.stderr


def test_offline_is_said(hub, target):
  assert Fetch(hub.endpoint, target, HF_HUB_OFFLINE='1').reason().startswith('HF_HUB_OFFLINE')
  assert hub.requests == []


def test_a_server_that_is_no_hub(hub, target):
  def log_in(handler, request):
    handler.send_content(b'<html>Log in</html>', {'Content-Type': 'text/html'})
    return True

  hub.interfere = log_in
  reason = Fetch(hub.endpoint, target).reason()
  assert reason == f'{hub.endpoint} does not answer like a Hugging Face hub'


UNSUPPORTED = {
  'an unknown family': ({'model_type': 'bert'}, "'bert' is not supported"),
  'another rotary base': ({'rope_theta': 5_000_000}, 'this model needs 5000000'),
  'a sliding window': ({'use_sliding_window': True}, 'sliding window'),
  'quantized weights': ({'quantization_config': {'bits': 4}}, 'quantization_config'),
  'an incomplete config': ({'rms_norm_eps': ...}, "its config.json has no 'rms_norm_eps'"),
}


@pytest.mark.parametrize(('changes', 'reason'), UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_what_tunix_cannot_compute_is_refused_before_its_weights(hub, target, changes, reason):
  files = hub.repos[REPO].files
  config = {**json.loads(files['config.json']), **changes}
  config = {name: value for name, value in config.items() if value is not ...}
  files['config.json'] = json.dumps(config).encode()
  fetched = Fetch(hub.endpoint, target).reason()
  assert fetched.startswith(f'{REPO} cannot be trained: ')
  assert reason in fetched
  assert f'/{REPO}/resolve/{COMMIT}/config.json' in hub.paths()
  assert not hub.asked_for_weights()
  assert nothing_is_left(target)


@pytest.mark.parametrize('missing', ['config.json', WEIGHTS, 'tokenizer.json'])
def test_a_repository_without_a_whole_model(hub, target, missing):
  files = hub.repos[REPO].files
  hub.repos[REPO].files = {
    name: content
    for name, content in files.items()
    if name != missing and name != 'model.fp16.safetensors'
  }
  assert 'cannot be trained: it has no' in Fetch(hub.endpoint, target).reason()
  assert not hub.asked_for_weights()
  assert nothing_is_left(target)


def test_a_disk_without_room_is_noticed_before_the_weights(hub, target):
  hub.declared[WEIGHTS] = 10**18
  assert 'the disk has no room: 1000000000.0 GB are needed' in Fetch(hub.endpoint, target).reason()
  assert not hub.asked_for_weights()
  assert nothing_is_left(target)


def test_a_disk_that_fills_up_is_said():
  full = OSError(errno.ENOSPC, 'No space left on device', '/models/.tiny/model.safetensors')
  assert fetch_error.explain(full, REPO) == f'the disk is full: make room for {REPO} and try again'


def cut_off(hub, resumable):
  """The storage hangs up in the middle of the weights, once."""
  cuts = []

  def interfere(handler, request):
    if not request.path.startswith('/storage') or not request.path.endswith(WEIGHTS):
      return False
    if not cuts:
      cuts.append(request)
      handler.cut(hub.repos[REPO].files[WEIGHTS])
      return True
    if not resumable:
      handler.refuse(503)
    return not resumable

  hub.interfere = interfere


def test_a_transfer_that_breaks_off_goes_on(hub, base, target):
  cut_off(hub, resumable=True)
  assert Fetch(hub.endpoint, target).result()['downloaded']
  assert (target / WEIGHTS).read_bytes() == (base / WEIGHTS).read_bytes()


def test_a_broken_transfer_leaves_no_directory(hub, target):
  cut_off(hub, resumable=False)
  assert 'failed (HTTP 503); try again later' in Fetch(hub.endpoint, target).reason()
  assert hub.asked_for_weights()
  assert nothing_is_left(target)


def test_damaged_weights_leave_no_directory(hub, target):
  def damage(handler, request):
    if not request.path.startswith('/storage') or not request.path.endswith(WEIGHTS):
      return False
    content = bytearray(hub.repos[REPO].files[WEIGHTS])
    content[-1] ^= 1
    handler.send_content(bytes(content), {})
    return True

  hub.interfere = damage
  assert Fetch(hub.endpoint, target).reason().startswith(f'{WEIGHTS} arrived damaged')
  assert nothing_is_left(target)


@pytest.mark.parametrize(
  'repo_id',
  [
    '',
    'tiny-qwen3',
    '../tiny-qwen3',
    'someone/..',
    'someone/a..b',
    'someone/a--b',
    '/etc/passwd',
    'someone/tiny/main',
    'someone/tiny?x=1',
    'someone/tiny\n',
    'someone/tiny.git',
    '-someone/tiny',
    'someone/' + 97 * 'a',
    'https://huggingface.co/someone/tiny',
  ],
)
def test_what_is_no_model_id(repo_id):
  with pytest.raises(fetch_error.FetchError, match='is not the id of a hub model'):
    fetch.check_repo_id(repo_id)


def test_a_bad_id_makes_no_request(hub, target):
  assert 'is not the id of a hub model' in Fetch(hub.endpoint, target, '../x').reason()
  assert hub.requests == []
  assert nothing_is_left(target)


@pytest.mark.parametrize('repo_id', ['Qwen/Qwen3-0.6B', 'Qwen/Qwen2.5-7B-Instruct', '_a/b_c'])
def test_what_is_a_model_id(repo_id):
  fetch.check_repo_id(repo_id)


def test_all_parts_of_the_weights_are_wanted():
  parts = [f'model-0000{part}-of-00002.safetensors' for part in (1, 2)]
  files = [*parts, 'model.safetensors.index.json', 'config.json', 'vocab.json', 'merges.txt']
  assert fetch.wanted_files(REPO, [*files, 'original/model.safetensors', '.gitattributes']) == (
    sorted(files)
  )
