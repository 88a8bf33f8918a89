import { expect, it } from 'vitest';
import { type SendAnswer, type StoredImport, sendImport } from './sendImport.ts';

const lost: SendAnswer = { kind: 'lost' };
const answered: SendAnswer = { kind: 'answered' };

/** A server that answers as told; `stored` answers `away` by not answering. */
function setUp(answers: SendAnswer[], stored: (StoredImport | null | 'away')[]) {
  const sent: [text: string, offset: number][] = [];
  const waits: number[] = [];
  const ways = {
    post: async (body: Blob, offset: number) => {
      sent.push([await body.text(), offset]);
      return answers.shift() ?? lost;
    },
    stored: async () => {
      const next = stored.shift();
      if (next === 'away' || next === undefined) throw new Error('away');
      return next;
    },
    wait: async (ms: number) => void waits.push(ms),
    onLost: () => {},
    onSending: () => {},
  };
  return { sent, waits, ways };
}

const running = (bytes: number): StoredImport => ({ status: 'INTERRUPTED', bytes });
const file = new Blob(['0123456789']);

it('sends the whole file once when nothing is lost', async () => {
  const { sent, ways } = setUp([answered], []);
  expect(await sendImport(file, true, ways)).toEqual({ kind: 'ended' });
  expect(sent).toEqual([['0123456789', 0]]);
});

it('goes on from the byte that is stored for certain', async () => {
  const { sent, ways } = setUp([lost, lost, answered], [running(4), running(7)]);
  expect(await sendImport(file, true, ways)).toEqual({ kind: 'ended' });
  expect(sent).toEqual([
    ['0123456789', 0],
    ['456789', 4],
    ['789', 7],
  ]);
});

it('sends a packed file from its start, since its bytes are counted unpacked', async () => {
  const { sent, ways } = setUp([lost, answered], [running(4)]);
  await sendImport(file, false, ways);
  expect(sent).toEqual([
    ['0123456789', 0],
    ['0123456789', 0],
  ]);
});

it('waits longer each time while the server is away, and starts anew when it knows nothing', async () => {
  const { sent, waits, ways } = setUp([lost, answered], ['away', 'away', null]);
  await sendImport(file, true, ways);
  expect(waits).toEqual([250, 500, 1000]);
  expect(sent.map(([, offset]) => offset)).toEqual([0, 0]);
});

it.each(['COMPLETED', 'CANCELLED', 'FAILED'] as const)(
  'does not send again what is %s',
  async (status) => {
    const { sent, ways } = setUp([lost], [{ status, bytes: 10 }]);
    expect(await sendImport(file, true, ways)).toEqual({ kind: 'ended' });
    expect(sent).toHaveLength(1);
  },
);

it('gives up after eight waits without progress, and never while there is some', async () => {
  const hopeless = setUp(
    [],
    Array.from({ length: 20 }, () => running(4)),
  );
  expect(await sendImport(file, true, hopeless.ways)).toEqual({ kind: 'lost' });
  // The first wait brought four bytes.
  expect(hopeless.waits).toHaveLength(9);
  const slow = setUp(
    [],
    Array.from({ length: 10 }, (_, at) => running(at + 1)),
  );
  await sendImport(file, true, slow.ways);
  expect(slow.sent.length).toBeGreaterThan(10);
});

it('says what the server refuses and does not insist', async () => {
  const { sent, ways } = setUp([{ kind: 'refused', message: 'Too large' }], []);
  expect(await sendImport(file, true, ways)).toEqual({ kind: 'refused', message: 'Too large' });
  expect(sent).toHaveLength(1);
});
