import { type ButtonHTMLAttributes, type ReactNode, useId } from "react";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./Icon.tsx";

export type ButtonLook = "primary" | "secondary" | "quiet" | "danger";

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "disabled"> & {
  look?: ButtonLook;
  small?: boolean;
  icon?: IconName;
  busy?: boolean;
  /** Why it cannot be pressed now; shown beside it. */
  disabledReason?: string | undefined;
  /** What the API asks of a role for it; read by the test that walks every page as every role. */
  "data-needs"?: string;
  children: ReactNode;
};

/** A button that stays focusable when it cannot be pressed, and says why. */
export function Button({ look, small, icon, busy, disabledReason, onClick, children, ...rest }: Props) {
  const reasonId = useId();
  const isOff = busy || disabledReason !== undefined;
  const button = (
    <button
      type="button"
      {...rest}
      className={buttonClass(look, small)}
      aria-busy={busy || undefined}
      aria-disabled={isOff || undefined}
      aria-describedby={disabledReason === undefined ? undefined : reasonId}
      onClick={(event) => (isOff ? event.preventDefault() : onClick?.(event))}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
  if (disabledReason === undefined) return button;
  return (
    <span className={styles.withReason}>
      {button}
      <span id={reasonId} className={styles.reason}>
        {disabledReason}
      </span>
    </span>
  );
}

/** The look of a button, for links that lead on. */
export function buttonClass(look: ButtonLook = "secondary", small = false): string {
  return [styles.button, styles[look], small && styles.small].filter(Boolean).join(" ");
}
