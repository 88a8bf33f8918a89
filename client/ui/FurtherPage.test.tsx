// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { FurtherPage, useArrival } from './FurtherPage.tsx';

afterEach(cleanup);

/** A page of a list of buttons; a further one is there once its box is typed in. */
function Page(props: { name: string }) {
  const [isThere, setThere] = useState(props.name === 'first');
  const [hasMore, setMore] = useState(false);
  useArrival(isThere);
  if (!isThere) return <input aria-label="Come" onChange={() => setThere(true)} />;
  return (
    <>
      <article>
        <button type="button">{props.name}</button>
      </article>
      {hasMore ? (
        <FurtherPage as="div">
          <Page name="second" />
        </FurtherPage>
      ) : (
        <button type="button" onClick={() => setMore(true)}>
          Load more
        </button>
      )}
    </>
  );
}

function ask() {
  render(<Page name="first" />);
  const more = screen.getByText('Load more');
  more.focus();
  fireEvent.click(more);
}

const come = () => fireEvent.change(screen.getByLabelText('Come'), { target: { value: 'now' } });

it('gives the first button of a further page the focus when it has come', () => {
  ask();
  expect(document.activeElement).toBe(document.body);
  come();
  expect(document.activeElement).toBe(screen.getByText('second'));
});

it('leaves the focus to what somebody went to meanwhile', () => {
  ask();
  const first = screen.getByText('first');
  first.focus();
  come();
  expect(document.activeElement).toBe(first);
});
