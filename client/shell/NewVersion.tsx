import { useSyncExternalStore } from 'react';
import { type Missing, missingParts } from '../lib/missingParts.ts';
import { reloadPage } from '../lib/reloadPage.ts';
import { Page } from '../ui/Page.tsx';
import css from './NewVersion.module.css';

const AWAY = {
  title: 'A part of the page could not be loaded',
  text: 'Reload the page when the server answers again.',
};

const WORDS: Record<Missing, { title: string; text: string }> = {
  nothing: AWAY,
  unreachable: AWAY,
  outdated: {
    title: 'A new version is here',
    text: 'Some of this page is there only after you reload it.',
  },
};

const useMissing = () => useSyncExternalStore(missingParts.subscribe, missingParts.get);

const Reload = () => (
  <button type="button" className={css.reload} onClick={reloadPage}>
    Reload
  </button>
);

/** Says that parts of the page are gone. Reloads nothing by itself: somebody may have typed. */
export function NewVersion() {
  const missing = useMissing();
  if (missing === 'nothing') return null;
  const { title, text } = WORDS[missing];
  return (
    <div role="alert" className={css.banner} data-testid="new-version">
      <span>
        <b>{title}.</b> {text}
      </span>
      <Reload />
    </div>
  );
}

/** In the place of a page that could not be loaded. */
export function MissingPage() {
  const { title, text } = WORDS[useMissing()];
  return (
    <Page title={title} description={text}>
      <div data-missing-page>
        <Reload />
      </div>
    </Page>
  );
}
