import { Button } from '@mantine/core';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { Link } from './Link.tsx';

export function NotFound(props: { what?: string; back?: string }) {
  const what = props.what ?? 'page';
  return (
    <Page title="Not found">
      <Section>
        <EmptyState
          title={`There is no such ${what}`}
          action={
            <Button component={Link} to={props.back ?? paths.home()} variant="default">
              Go back
            </Button>
          }
        >
          It may have been deleted, or the address is not complete.
        </EmptyState>
      </Section>
    </Page>
  );
}
