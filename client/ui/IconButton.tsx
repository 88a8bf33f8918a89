import type { ComponentPropsWithRef } from 'react';
import { Icon, type IconName } from './Icon.tsx';
import css from './IconButton.module.css';

/** A quiet button of one sign, without the component library; all else goes to the button. */
export function IconButton(
  props: Omit<ComponentPropsWithRef<'button'>, 'title'> & {
    icon: IconName;
    /** Its name, and what it says on hover. */
    label: string;
    small?: boolean;
  },
) {
  const { icon, label, small, className = '', children, ...rest } = props;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`${css.button} ${className}`}
      data-small={small || undefined}
    >
      <Icon name={icon} size={small ? 14 : 16} />
      {children}
    </button>
  );
}
