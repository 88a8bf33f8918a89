import type { ErrorComponentProps } from '@tanstack/react-router';
import { Suspense } from 'react';
import { missingParts } from '../lib/missingParts.ts';
import { LoadingPage } from '../ui/Loading.tsx';
import { lazyPart } from '../ui/withLibrary.tsx';
import { MissingPage } from './NewVersion.tsx';

const PageError = lazyPart(() => import('../lib/PageError.tsx'), 'PageError');

/** In the place of a page that failed. What says that files are gone must not need another one. */
export function PageFailure(props: ErrorComponentProps) {
  if (missingParts.isCauseOf(props.error)) return <MissingPage />;
  return (
    <Suspense fallback={<LoadingPage />}>
      <PageError {...props} />
    </Suspense>
  );
}
