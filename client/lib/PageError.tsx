import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { Page } from '../ui/Page.tsx';
import { ErrorNotice } from './ErrorNotice.tsx';

export function PageError(props: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Page title="This page could not be shown">
      <ErrorNotice
        error={props.error}
        testId="page-error"
        onRetry={() => {
          props.reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}
