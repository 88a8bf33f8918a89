// @vitest-environment jsdom
import { MantineProvider, Menu } from '@mantine/core';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { stubBrowser, stubLayout } from '../lib/stubBrowser.ts';
import { Dialog } from './Dialog.tsx';

beforeAll(stubBrowser);
beforeAll(stubLayout);
afterEach(cleanup);

/** A page whose button opens a dialog; `Delete` closes it and takes the button away. */
function Page() {
  const [isOpen, setOpen] = useState(false);
  const [isThere, setThere] = useState(true);
  const open = () => setOpen(true);
  const close = () => setOpen(false);
  return (
    <main id="main" tabIndex={-1}>
      {isThere && (
        <button type="button" onClick={open}>
          Open
        </button>
      )}
      <Menu transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <button type="button">More</button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={open}>Open from the menu</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input aria-label="Elsewhere" />
      {isOpen && (
        <Dialog onClose={close} title="Sure?" transitionProps={{ duration: 0 }}>
          <button
            type="button"
            onClick={() => {
              close();
              setThere(false);
            }}
          >
            Delete
          </button>
        </Dialog>
      )}
    </main>
  );
}

const draw = () =>
  render(
    <MantineProvider>
      <Page />
    </MantineProvider>,
  );

/** Presses it as the keyboard does: it has the focus. */
async function press(name: string, role = 'button') {
  const button = await screen.findByRole(role, { name });
  button.focus();
  fireEvent.click(button);
}

async function close() {
  const dialog = await screen.findByRole('dialog', { name: 'Sure?' });
  await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
  fireEvent.keyDown(document.activeElement ?? dialog, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
}

const focused = () => document.activeElement;

it('gives the focus back to what opened it', async () => {
  draw();
  await press('Open');
  await close();
  expect(focused()).toBe(screen.getByRole('button', { name: 'Open' }));
});

it('gives the focus to the button of the menu it was opened from', async () => {
  draw();
  await press('More');
  await press('Open from the menu', 'menuitem');
  await close();
  expect(focused()).toBe(screen.getByRole('button', { name: 'More' }));
});

it('gives the focus to the page when what opened it has gone', async () => {
  draw();
  await press('Open');
  await screen.findByRole('dialog');
  await press('Delete');
  await waitFor(() => expect(focused()).toBe(screen.getByRole('main')));
});

it('leaves the focus where somebody put it meanwhile', async () => {
  draw();
  await press('Open');
  await screen.findByRole('dialog');
  const elsewhere = screen.getByLabelText('Elsewhere');
  await waitFor(() => expect(focused()?.closest('[role=dialog]')).toBeTruthy());
  elsewhere.focus();
  fireEvent.keyDown(elsewhere, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(focused()).toBe(elsewhere);
});
