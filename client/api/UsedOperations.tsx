import { Button } from '@mantine/core';
import { parse, print } from 'graphql';
import { useSyncExternalStore } from 'react';
import { graphiqlUrl } from '../lib/equivalents.ts';
import { type Used, used } from '../lib/used.ts';
import { Ago, useNow } from '../ui/Ago.tsx';
import { Section } from '../ui/Section.tsx';
import css from './UsedOperations.module.css';

const RECENT_MS = 5 * 60_000;

/** Those of the last five minutes, newest first. */
const recent = (operations: readonly Used[], now: number): Used[] =>
  operations.filter(({ at }) => now - at < RECENT_MS).toReversed();

/** What these pages asked in the last five minutes, to be asked again by hand. */
export function UsedOperations(props: { onOpen: (url: string) => void }) {
  const all = useSyncExternalStore(used.subscribe, used.get);
  const operations = recent(all, useNow(10_000));
  return (
    <Section
      source={null}
      title="What these pages asked in the last 5 minutes"
      flush
      testId="used-operations"
    >
      <ul className={css.list}>
        {operations.map((operation) => {
          const { name, kind, text, variables, at, path } = operation;
          return (
            <li key={`${name} ${path}`}>
              <span className={css.name}>
                {name}
                <small>
                  {kind} of {path}, <Ago at={new Date(at).toISOString()} />
                </small>
              </span>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Open ${name} in GraphiQL`}
                onClick={() =>
                  props.onOpen(graphiqlUrl({ text: print(parse(text)), variables }, text))
                }
              >
                Open
              </Button>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
