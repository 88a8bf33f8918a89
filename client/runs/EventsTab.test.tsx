// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { EventsTab } from './EventsTab.tsx';
import { EventStore } from './eventStore.ts';

vi.mock('../lib/socket.ts', () => import('../lib/stubSocket.ts'));
beforeAll(stubBrowser);
afterEach(cleanup);

it('marks what would turn a reason around, in its sentence and in its data', async () => {
  const events = new EventStore();
  const reason = '<b>exit</b> \u202e1';
  const at = '2027-01-01T00:00:00.000Z';
  events.add({ seq: '1', attempt: 1, kind: 'FAILED', data: { reason }, at });
  const { client } = stubApi({});
  await drawAt('/', { client }, <EventsTab events={events} attempt={undefined} />);
  const table = await screen.findByTestId('events-table');
  expect(table.textContent).toContain('Failed: <b>exit</b>');
  const marks = [...table.querySelectorAll('[data-code="U+202E"]')];
  expect(marks.map((mark) => mark.closest('summary, pre')?.tagName)).toEqual(['SUMMARY', 'PRE']);
});
