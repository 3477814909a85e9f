import { type ReactNode, useEffect } from "react";
import { showHost } from "../format/host-names.ts";
import { HostName } from "./HostName.tsx";
import styles from "./PageHeader.module.css";

type Props = {
  title: string;
  /** The title is this host or domain: shown in its own script. */
  host?: string;
  lead?: ReactNode;
  above?: ReactNode;
  actions?: ReactNode;
};

/** Where one is and what can be done here; also names the browser tab. */
export function PageHeader({ title, host, lead, above, actions }: Props) {
  // The document's title is outside React's tree.
  useEffect(() => {
    document.title = `${host === undefined ? title : showHost(host).text} · Waxseal`;
  }, [title, host]);
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        {above && <div className={styles.above}>{above}</div>}
        <h1 className={styles.title}>{host === undefined ? title : <HostName name={host} />}</h1>
        {lead && <div className={styles.lead}>{lead}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
