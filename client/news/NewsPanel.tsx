import { Button, Popover } from '@mantine/core';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { Link } from '../lib/Link.tsx';
import { Ago } from '../ui/Ago.tsx';
import { Ticked } from '../ui/Ticked.tsx';
import css from './NewsBell.module.css';
import { alerts, newsStore } from './newsStore.ts';

/** The last 50, and whether the browser is to say them, too. */
export function NewsPanel(props: { children: ReactNode; onClose: () => void }) {
  const { items } = useSyncExternalStore(newsStore.subscribe, newsStore.get);
  const isOn = useSyncExternalStore(newsStore.subscribe, alerts.isOn);
  const [isRefused, setRefused] = useState(false);
  useEffect(() => newsStore.seen(), []);
  const turnOn = async () => setRefused(!(await alerts.turnOn()));
  return (
    <Popover
      opened
      onChange={(opened) => {
        if (!opened) props.onClose();
      }}
      position="bottom-end"
      width={320}
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>{props.children}</Popover.Target>
      <Popover.Dropdown aria-label="News" data-testid="news-panel">
        {items.length === 0 ? (
          <p className={css.none}>
            Nothing yet. Here you find runs that you started or watched and that ended, checks that
            regressed and runners that are gone.
          </p>
        ) : (
          <ul className={css.list}>
            {items.map(({ id, to, tone, title, text, at }) => (
              <li key={id}>
                <Link to={to} onClick={props.onClose}>
                  <b data-tone={tone}>{title}</b>
                  {text && (
                    <span className={css.text}>
                      <Ticked text={text} />
                    </span>
                  )}
                  <span className={css.when}>
                    <Ago at={new Date(at).toISOString()} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
        <div className={css.foot}>
          {isOn ? (
            <Button size="compact-xs" variant="subtle" onClick={alerts.turnOff}>
              Stop browser alerts
            </Button>
          ) : (
            <Button size="compact-xs" variant="subtle" onClick={() => void turnOn()}>
              {isRefused ? 'The browser does not allow alerts' : 'Alert me in the browser, too'}
            </Button>
          )}
          {items.length > 0 && (
            <Button size="compact-xs" variant="subtle" color="gray" onClick={newsStore.clear}>
              Clear
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
