import { Stack, Tabs } from '@mantine/core';
import { Code } from '../ui/Code.tsx';
import { snippets } from './keyWords.ts';
import { ShownOnce } from './ShownOnce.tsx';

export type MadeKey = { name: string; secret: string; isRunner: boolean };

/** The secret of a new key, and programs that already hold it. */
export function KeyMade(props: { made: MadeKey }) {
  const { secret, isRunner } = props.made;
  const all = snippets(location.origin, secret, isRunner);
  return (
    <Stack gap="md">
      <ShownOnce what="key" value={secret}>
        Keep it where secrets are kept, not in a repository. If it gets lost, make another one.
      </ShownOnce>
      <Tabs defaultValue={all[0]?.name ?? ''}>
        <Tabs.List>
          {all.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {all.map(({ name, text }) => (
          <Tabs.Panel key={name} value={name} pt="sm">
            <Code label={`example for ${name}`} wrap>
              {text}
            </Code>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}
