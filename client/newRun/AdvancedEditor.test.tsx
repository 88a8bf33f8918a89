// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { AdvancedEditor } from './AdvancedEditor.tsx';

beforeAll(stubBrowser);
afterEach(cleanup);

it('leads from a fault to its key in the text', () => {
  const value = '{\n  "optimizer_config": { "b1": 2 }\n}';
  render(
    <MantineProvider>
      <AdvancedEditor
        value={value}
        onChange={() => undefined}
        syntaxFault={undefined}
        faults={[
          { path: ['optimizer_config', 'b1'], message: 'must be below 1' },
          { path: ['training_config'], message: 'is needed' },
        ]}
      />
    </MantineProvider>,
  );
  const faults = screen.getAllByTestId('advanced-fault').map(({ textContent }) => textContent);
  expect(faults).toEqual([
    'Line 2, optimizer_config.b1: must be below 1',
    'training_config: is needed',
  ]);
  fireEvent.click(screen.getByRole('button', { name: /Line 2/ }));
  const box = screen.getByTestId<HTMLTextAreaElement>('advanced');
  expect(document.activeElement).toBe(box);
  expect(value.slice(box.selectionStart, box.selectionEnd)).toBe('"b1"');
});
