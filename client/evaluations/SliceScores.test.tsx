// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { FragmentType } from '../gql/index.ts';
import { HeldOutPrompt } from './HeldOutPrompt.tsx';
import { SliceScores } from './SliceScores.tsx';

afterEach(cleanup);

type Evaluation = Parameters<typeof SliceScores>[0]['evaluation'] & FragmentType<never>;

const show = (sections: object[]) =>
  render(<SliceScores evaluation={{ id: 'e', sections } as unknown as Evaluation} />);

test('shows each part of a set with what was right of it', () => {
  const interval = { low: 0.1, high: 0.9 };
  show([
    { by: 'SECTION', value: 'core', items: 60, correct: 30, accuracy: 0.5, interval },
    { by: 'DIFFICULTY', value: 'hard', items: 11, correct: 0, accuracy: 0, interval: null },
  ]);
  const rows = screen.getAllByRole('row').map(({ textContent }) => textContent);
  expect(rows[1]).toContain('sectioncore30 of 60');
  expect(rows[2]).toContain('difficultyhard0 of 11');
});

test('shows nothing for a side of a dataset', () => {
  expect(show([]).container.textContent).toBe('');
});

test('shows the question of a set where there is no trace to link to', () => {
  render(<HeldOutPrompt trace={null} setItem={{ prompt: 'What is 2 + 2?' }} />);
  expect(screen.getByText('What is 2 + 2?')).toBeTruthy();
  expect(screen.queryByRole('link')).toBeNull();
});
