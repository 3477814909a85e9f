import type { CSSProperties, ReactNode } from "react";
import styles from "./Layout.module.css";

type Gap = 1 | 2 | 3 | 4 | 5 | 6;
type Props = { gap?: Gap; children: ReactNode };

/** Things below each other. */
export function Stack({ gap = 4, children }: Props) {
  return (
    <div className={styles.stack} style={gapStyle(gap)}>
      {children}
    </div>
  );
}

/** Things beside each other, on more lines where there is no room. */
export function Row({ gap = 2, children }: Props) {
  return (
    <div className={styles.row} style={gapStyle(gap)}>
      {children}
    </div>
  );
}

/** Two columns, one on narrow screens. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className={styles.columns}>{children}</div>;
}

/** Custom properties are not part of React's style type. */
function gapStyle(gap: Gap): CSSProperties {
  return { "--gap": `var(--size-${gap})` } as CSSProperties;
}
