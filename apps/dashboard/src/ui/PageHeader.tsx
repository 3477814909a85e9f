import { type ReactNode, useEffect } from "react";
import styles from "./PageHeader.module.css";

type Props = { title: string; lead?: ReactNode; above?: ReactNode; actions?: ReactNode };

/** Where one is and what can be done here; also names the browser tab. */
export function PageHeader({ title, lead, above, actions }: Props) {
  // The document's title is outside React's tree.
  useEffect(() => {
    document.title = `${title} · Waxseal`;
  }, [title]);
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        {above && <div className={styles.above}>{above}</div>}
        <h1 className={styles.title}>{title}</h1>
        {lead && <div className={styles.lead}>{lead}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
