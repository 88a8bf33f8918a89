import { Button, Popover } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Link } from '../lib/Link.tsx';
import { useFocusBack } from '../lib/useFocusBack.ts';
import { Ago } from '../ui/Ago.tsx';
import { At } from '../ui/At.tsx';
import { Ticked } from '../ui/Ticked.tsx';
import css from './NewsBell.module.css';
import { unseen } from './news.ts';
import { alerts, newsStore } from './newsStore.ts';

/** The last 50, and whether the browser is to say them, too. */
export function NewsPanel(props: { bell: HTMLElement; onClose: () => void }) {
  const news = useSyncExternalStore(newsStore.subscribe, newsStore.get);
  const { items } = news;
  const hasNew = unseen(news) > 0;
  const isOn = useSyncExternalStore(newsStore.subscribe, alerts.isOn);
  const [isRefused, setRefused] = useState(false);
  useFocusBack();
  // What comes while it is open is seen, too.
  useEffect(() => {
    if (hasNew) newsStore.seen();
  }, [hasNew]);
  const turnOn = async () => setRefused(!(await alerts.turnOn()));
  return (
    <Popover
      opened
      id={props.bell.id}
      onChange={(opened) => {
        if (!opened) props.onClose();
      }}
      position="bottom-end"
      width={320}
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <At element={props.bell} />
      </Popover.Target>
      <Popover.Dropdown data-testid="news-panel">
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
