import { describe, expect, test } from 'vitest';
import { commandsFor } from './commands.ts';

const all = () => true;
const labels = (text: string, may: (scope: string) => boolean = all) =>
  commandsFor(text, may).map(({ label }) => label);

describe('the palette', () => {
  test('offers pages, actions and examples before anything is typed', () => {
    expect(labels('')).toEqual(
      expect.arrayContaining(['Home', 'New run', 'GraphiQL with the schema', 'By the API: gate']),
    );
  });

  test('finds by every word, in any case and in the other words of a page', () => {
    expect(labels('LEADER')).toEqual(['Leaderboard']);
    expect(labels('gates')).toEqual(['Baselines']);
    expect(labels('leader nothing')).toEqual([]);
  });

  test.for(['142', '#142', 'run 142'])('takes "%s" for a run', (text) => {
    expect(commandsFor(text, all)[0]).toMatchObject({ label: 'Run 142', to: '/runs/142' });
  });

  test.for(['cancel run 142', 'cancel 142', 'stop #142'])('takes "%s" for an order', (text) => {
    expect(commandsFor(text, all)[0]).toMatchObject({ label: 'Cancel run 142', cancel: 142 });
  });

  test('takes an id for the object that has it', () => {
    const id = 'UnVuOjAxOWFiY2RlLTAwMDAtNzAwMC04MDAw';
    expect(commandsFor(id, all)[0]).toMatchObject({ to: `/go/${id}` });
  });

  test('offers only what the viewer may do', () => {
    const looks = (scope: string) => scope === 'READ';
    expect(labels('', looks)).not.toContain('New run');
    expect(labels('', looks)).not.toContain('Audit log');
    expect(labels('cancel run 1', looks)).not.toContain('Cancel run 1');
  });
});
