/** What a panel is made of, for GraphiQL, Python and a shell. Loaded when somebody asks. */
import { Menu } from '@mantine/core';
import { parse, print } from 'graphql';
import { Fragment } from 'react';
import { asCurl, asPython, graphiqlUrl } from '../lib/equivalents.ts';
import { tellDone, tellProblem } from '../lib/tell.ts';
import type { Used } from '../lib/used.ts';
import { useFocusBack } from '../lib/useFocusBack.ts';
import { useViewer } from '../lib/viewer.ts';
import { At } from './At.tsx';

async function copy(text: string, what: string) {
  try {
    await navigator.clipboard.writeText(text);
    tellDone(`Copied as ${what}.`);
  } catch {
    tellProblem('The browser does not allow to copy.');
  }
}

/** `RunPage_Query` in the words of who uses it. */
const title = ({ name, kind }: Used) => `${name.replace(/_(Query|Changed|Follow)$/, '')} (${kind})`;

export function SourceMenu(props: {
  operations: readonly Used[];
  button: HTMLElement;
  onClose: () => void;
}) {
  const { operations, button, onClose } = props;
  useFocusBack();
  const authRequired = useViewer()?.authRequired ?? false;
  const place = { origin: location.origin, authRequired };
  return (
    <Menu
      opened
      id={button.id}
      onChange={(opened) => {
        if (!opened) onClose();
      }}
      position="bottom-start"
      width={250}
      withinPortal
    >
      <Menu.Target>
        <At element={button} />
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }} data-testid="source-menu">
        {operations.length === 0 && <Menu.Label>Nothing was asked yet</Menu.Label>}
        {operations.map((operation) => {
          const { name, text, variables } = operation;
          const asked = { text: print(parse(text)), variables };
          return (
            <Fragment key={name}>
              <Menu.Label>{title(operation)}</Menu.Label>
              <Menu.Item component="a" href={graphiqlUrl(asked, text)} target="_blank">
                Open in GraphiQL
              </Menu.Item>
              <Menu.Item onClick={() => void copy(asPython(asked, place), 'Python')}>
                Copy as Python
              </Menu.Item>
              <Menu.Item onClick={() => void copy(asCurl(asked, place), 'curl')}>
                Copy as curl
              </Menu.Item>
            </Fragment>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
