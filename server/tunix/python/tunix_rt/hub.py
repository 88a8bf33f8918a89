"""The Hugging Face hub that the environment names."""

from __future__ import annotations

import os
import re


def prepare_environment() -> None:
  """Sets up the client of the hub; to be called before the first import of it."""
  if not os.environ.get('HF_ENDPOINT'):
    os.environ.pop('HF_ENDPOINT', None)
  os.environ['HF_HUB_DISABLE_PROGRESS_BARS'] = '1'
  os.environ['HF_HUB_DISABLE_TELEMETRY'] = '1'
  # Plain HTTPS needs one host less, goes through any proxy, and says why it failed.
  os.environ.setdefault('HF_HUB_DISABLE_XET', '1')


def endpoint_name() -> str:
  """The address of the hub for messages: without a password."""
  endpoint = os.environ.get('HF_ENDPOINT') or 'https://huggingface.co'
  return re.sub('//[^/]*@', '//', endpoint).rstrip('/')


def hub_token() -> str:
  """The token of the environment, or an empty string."""
  return os.environ.get('HF_TOKEN', '').strip()
