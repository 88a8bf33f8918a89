// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { Notice } from './Notice.tsx';
import { Ticked } from './Ticked.tsx';

beforeAll(stubBrowser);
afterEach(cleanup);

describe('Ticked', () => {
  it.for([
    ['Start one with `npm run runner`.', 'Start one with npm run runner.', ['npm run runner']],
    ['`a` or `b`', 'a or b', ['a', 'b']],
    ['one ` alone', 'one ` alone', []],
    ['nothing', 'nothing', []],
  ] as const)('sets %j apart', ([text, read, apart]) => {
    const { container } = render(<Ticked text={text} />);
    expect(container.textContent).toBe(read);
    expect([...container.querySelectorAll('code')].map((code) => code.textContent)).toEqual(apart);
  });
});

it('is how a notice says its title and its text', () => {
  render(
    <MantineProvider>
      <Notice tone="bad" title="No `a`" testId="notice">
        {'Use `b`.'}
      </Notice>
    </MantineProvider>,
  );
  expect(screen.getByTestId('notice').textContent).toBe('No aUse b.');
});
