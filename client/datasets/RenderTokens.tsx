import { formatCount, plural } from '../lib/format.ts';
import { Notice } from '../ui/Notice.tsx';
import css from './RenderTokens.module.css';
import { countKinds, stretches, type Token, type TokenKind, visible } from './tokens.ts';

const LEGEND: readonly (readonly [TokenKind, string])[] = [
  ['READ', 'read, no loss'],
  ['LEARNT', 'learnt: carries loss'],
  ['CUT', 'cut off, never seen'],
];

/** The text token by token. A kind has a line style of its own, not a colour alone. */
export function RenderTokens(props: { tokens: readonly Token[]; maxTokens: number }) {
  const counts = countKinds(props.tokens);
  return (
    <div data-testid="render-tokens">
      <ul className={css.legend} aria-label="Legend">
        {LEGEND.map(([kind, meaning]) => (
          <li key={kind}>
            <span className={css.sample} data-kind={kind} aria-hidden="true">
              abc
            </span>{' '}
            {formatCount(counts[kind])} {meaning}
          </li>
        ))}
      </ul>
      {counts.CUT > 0 && (
        <Notice tone="warn" title={`${plural(counts.CUT, 'token')} beyond the limit`}>
          The item has {formatCount(props.tokens.length)} tokens and only{' '}
          {formatCount(props.maxTokens)} fit. What is cut off is usually the answer.
        </Notice>
      )}
      <section
        className={css.text}
        aria-label="Tokens"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the keyboard
        tabIndex={0}
      >
        {stretches(props.tokens).map(({ kind, start, tokens }) => (
          <span key={start} className={css.stretch} data-kind={kind}>
            {tokens.map((token, index) => (
              <span
                key={start + index}
                className={css.token}
                title={`token ${start + index + 1}, id ${token.id}`}
              >
                {visible(token.text)}
              </span>
            ))}
          </span>
        ))}
      </section>
    </div>
  );
}
