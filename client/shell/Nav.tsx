import { useLocation } from '@tanstack/react-router';
import { Link } from '../lib/Link.tsx';
import { useViewer } from '../lib/viewer.ts';
import { paths } from '../paths.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import css from './Nav.module.css';

type Item = { to: string; name: string; icon: IconName; step?: string; also?: string };

/** The loop, left to right, and below it what keeps it running. */
const LOOP: Item[] = [
  { to: paths.home(), name: 'Home', icon: 'home' },
  { to: paths.traces(), name: 'Traces', icon: 'traces', step: '1' },
  { to: paths.datasets(), name: 'Datasets', icon: 'datasets', step: '2' },
  { to: paths.evaluationSets(), name: 'Evaluation sets', icon: 'questions' },
  { to: paths.runs(), name: 'Runs', icon: 'runs', step: '3' },
  { to: paths.leaderboard(), name: 'Leaderboard', icon: 'board', step: '4', also: '/evaluations' },
  { to: paths.judges(), name: 'Judges', icon: 'edit' },
  { to: paths.baselines(), name: 'Baselines', icon: 'baseline', step: '5' },
];

const SYSTEM: Item[] = [
  { to: paths.runners(), name: 'Runners & queue', icon: 'runners' },
  { to: paths.api(), name: 'API', icon: 'api' },
  { to: paths.settings(), name: 'Settings', icon: 'settings' },
];

const AUDIT: Item = { to: paths.audit(), name: 'Audit log', icon: 'audit' };

const within = (pathname: string, root: string) =>
  root === '/' ? pathname === '/' : pathname === root || pathname.startsWith(`${root}/`);

function NavItem(props: { item: Item; onGo: () => void }) {
  const { pathname } = useLocation();
  const { to, name, icon, step, also } = props.item;
  const here = within(pathname, to) || (also !== undefined && within(pathname, also));
  return (
    <Link
      to={to}
      className={css.item}
      aria-current={here ? 'page' : undefined}
      onClick={props.onGo}
    >
      <Icon name={icon} />
      {name}
      {step && (
        <span className={css.step} aria-hidden="true">
          {step}
        </span>
      )}
    </Link>
  );
}

export function Nav(props: { onGo: () => void }) {
  const isAdmin = useViewer()?.scopes.has('ADMIN');
  return (
    <nav className={css.nav} aria-label="Main">
      {LOOP.map((item) => (
        <NavItem key={item.to} item={item} onGo={props.onGo} />
      ))}
      <div className={css.rule} />
      {SYSTEM.map((item) => (
        <NavItem key={item.to} item={item} onGo={props.onGo} />
      ))}
      {isAdmin && <NavItem item={AUDIT} onGo={props.onGo} />}
    </nav>
  );
}
