import { ActionIcon, CopyButton } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './Code.module.css';
import { Icon } from './Icon.tsx';
import { PlainText } from './PlainText.tsx';

export const asJson = (value: unknown): string => JSON.stringify(value, null, 2) ?? 'null';

/** A block of text in the machine's hand, with a copy button. */
export function Code(props: {
  children: string;
  label: string;
  wrap?: boolean;
  maxHeight?: number;
}) {
  return (
    <div
      className={css.box}
      style={props.maxHeight ? { ['--code-height' as string]: `${props.maxHeight}px` } : undefined}
    >
      {/* A scrolling region must be reachable by keyboard. */}
      <section
        className={css.scroll}
        data-wrap={props.wrap || undefined}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        tabIndex={0}
        aria-label={props.label}
      >
        <pre className={css.pre}>
          <PlainText>{props.children}</PlainText>
        </pre>
      </section>
      <div className={css.copy}>
        <CopyButton value={props.children}>
          {({ copied, copy }) => (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="md"
              onClick={copy}
              aria-label={copied ? 'Copied' : `Copy ${props.label}`}
            >
              <Icon name={copied ? 'check' : 'copy'} size={14} />
            </ActionIcon>
          )}
        </CopyButton>
      </div>
    </div>
  );
}

export function Mono(props: { children: ReactNode; title?: string }) {
  return (
    <span className={css.mono} title={props.title}>
      {props.children}
    </span>
  );
}
