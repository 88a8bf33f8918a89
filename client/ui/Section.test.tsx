// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { stubBrowser, stubLayout } from '../lib/stubBrowser.ts';
import { noteUsed } from '../lib/used.ts';
import { Page } from './Page.tsx';
import { Section } from './Section.tsx';

const OF_PAGE = 'query Things_Query($id:ID!){thing(id:$id){name}}';
const OWN = 'subscription Parts_Changed{parts{name}}';

beforeAll(stubBrowser);
beforeAll(stubLayout);
afterEach(cleanup);

function draw() {
  noteUsed(OF_PAGE, { id: 'a' });
  noteUsed(OWN, {});
  render(
    <MantineProvider>
      <Page title="Things" source={OF_PAGE}>
        <Section title="Names">here</Section>
        <Section title="Parts" source={OWN}>
          here
        </Section>
        <Section title="A form" source={null}>
          here
        </Section>
      </Page>
    </MantineProvider>,
  );
}

const open = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

test('a panel offers what fills it: the question of its page', async () => {
  draw();
  open('Names by the API');
  const link = await screen.findByRole('menuitem', { name: 'Open in GraphiQL' });
  const asked = new URL((link as HTMLAnchorElement).href).searchParams;
  expect(asked.get('query')).toContain('thing(id: $id)');
  expect(asked.get('variables')).toBe(JSON.stringify({ id: 'a' }, null, 2));
  expect(screen.getByText('Things (query)')).toBeDefined();
  expect(screen.queryByText('Parts (subscription)')).toBeNull();
});

test('a panel with a question of its own offers that alone', async () => {
  draw();
  open('Parts by the API');
  expect(await screen.findByText('Parts (subscription)')).toBeDefined();
  expect(screen.queryByText('Things (query)')).toBeNull();
});

test('the page offers all it asked, a form nothing', async () => {
  draw();
  expect(screen.queryByRole('button', { name: 'A form by the API' })).toBeNull();
  open('This page by the API');
  expect(await screen.findByText('Things (query)')).toBeDefined();
  expect(screen.getByText('Parts (subscription)')).toBeDefined();
});

test('its button is the same one, with the focus, before and after', async () => {
  draw();
  const button = screen.getByRole('button', { name: 'Names by the API' });
  button.focus();
  fireEvent.click(button);
  const menu = await screen.findByTestId('source-menu');
  await waitFor(() => expect(menu.contains(document.activeElement)).toBe(true));
  expect(menu.getAttribute('aria-labelledby')).toBe(button.id);
  expect(button.getAttribute('aria-expanded')).toBe('true');
  fireEvent.keyDown(document.activeElement ?? menu, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByTestId('source-menu')).toBeNull());
  expect(screen.getByRole('button', { name: 'Names by the API' })).toBe(button);
  expect(document.activeElement).toBe(button);
});

test('without a question of the page a panel offers nothing', () => {
  render(
    <MantineProvider>
      <Section title="Alone">here</Section>
    </MantineProvider>,
  );
  expect(screen.queryByRole('button')).toBeNull();
});
