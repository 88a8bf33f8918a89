// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, expect, it } from 'vitest';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { Equivalents } from './Equivalents.tsx';
import { EXAMPLES } from './examples.ts';

beforeAll(stubBrowser);

it('begins with the language that was chosen last', () => {
  localStorage.setItem('tunix-rt-language', '"curl"');
  const [example] = EXAMPLES;
  if (!example) throw new Error('There is no example');
  const drawn = renderToStaticMarkup(
    <MantineProvider>
      <Equivalents example={example} />
    </MantineProvider>,
  );
  expect(drawn).toContain(`curl: ${example.name}`);
});
