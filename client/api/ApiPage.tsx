import { Button, Group, NavLink, SimpleGrid, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { graphql } from '../gql/index.ts';
import { oneOf, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { serverPaths } from '../paths.ts';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import css from './ApiPage.module.css';
import { Equivalents } from './Equivalents.tsx';
import { EXAMPLES } from './examples.ts';
import { Limits } from './Limits.tsx';
import { UsedOperations } from './UsedOperations.tsx';

const ApiPage_Query = graphql(`
  query ApiPage_Query {
    ...Limits_Query
  }
`);

const PHONE = '(max-width: 48em)';

const IDS = EXAMPLES.map(({ id }) => id);

/** GraphiQL with examples, what it may be asked, and what these pages asked. */
export function ApiPage() {
  const [url, setUrl] = useUrlState('tab');
  const [inFrame, setInFrame] = useState(serverPaths.graphql());
  const isPhone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const frame = useRef<HTMLIFrameElement>(null);
  const { data } = usePageQuery({ query: ApiPage_Query });
  const id = oneOf(IDS, url.tab) ?? 'start';
  const example = EXAMPLES.find((each) => each.id === id);
  if (!data) return <LoadingPage />;
  const open = (address: string) => {
    if (isPhone) {
      window.open(address, '_blank', 'noopener');
      return;
    }
    setInFrame(address);
    frame.current?.scrollIntoView({ block: 'center' });
  };
  return (
    <Page
      source={ApiPage_Query}
      title="API"
      description="One GraphQL endpoint for these pages, notebooks and the command line."
      actions={
        <Button component="a" href={inFrame} target="_blank" variant="default">
          Open GraphiQL in a new tab
        </Button>
      }
    >
      <Section title="Examples" source={null} testId="api-examples">
        <div className={css.examples}>
          <Group gap={2} className={css.choice}>
            {EXAMPLES.map((each) => (
              <NavLink
                key={each.id}
                component="button"
                type="button"
                label={each.name}
                active={each.id === id}
                aria-pressed={each.id === id}
                onClick={() => setUrl({ tab: each.id })}
              />
            ))}
          </Group>
          <div className={css.example}>
            {example && <Equivalents example={example} onOpen={open} />}
          </div>
        </div>
      </Section>
      <Section title="GraphiQL" source={null} flush>
        {isPhone ? (
          <p className={css.narrow}>
            There is no room for it beside these pages here; it opens in a tab of its own.
          </p>
        ) : (
          <iframe ref={frame} key={inFrame} className={css.frame} src={inFrame} title="GraphiQL" />
        )}
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <UsedOperations onOpen={open} />
        <Stack gap="lg">
          <Limits state={data} />
        </Stack>
      </SimpleGrid>
    </Page>
  );
}
