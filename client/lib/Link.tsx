import { useRouter } from '@tanstack/react-router';
import type { ComponentPropsWithRef, MouseEvent } from 'react';

const opensElsewhere = (event: MouseEvent) =>
  event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;

/** A real link to a URL from `paths.ts`; only the plain click stays inside the page. */
export function Link(props: ComponentPropsWithRef<'a'> & { to: string }) {
  const { to, onClick, ...rest } = props;
  const router = useRouter();
  return (
    <a
      {...rest}
      href={to}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || opensElsewhere(event) || rest.target) return;
        event.preventDefault();
        router.history.push(to);
      }}
    />
  );
}
