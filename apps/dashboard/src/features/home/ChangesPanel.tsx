import { Link } from "@tanstack/react-router";
import type { HomeView } from "../../api/contract.ts";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { HostName } from "../../ui/HostName.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Panel } from "../../ui/Panel.tsx";
import styles from "./Home.module.css";

/** What happened last. */
export function ChangesPanel({ home, accountId }: { home: HomeView; accountId: string }) {
  const { changes } = home;
  if (changes.length === 0) {
    return (
      <Panel title="What changed">
        <EmptyState
          title="Nothing yet"
          body="Changes of DNS records, certificates and policies appear here."
        />
      </Panel>
    );
  }
  return (
    <Panel
      flush
      title="What changed"
      actions={
        <Link to={paths.audit()} params={{ account: accountId }}>
          Audit log
        </Link>
      }
    >
      <ul className={styles.lines} aria-label="What changed">
        {changes.map((change) => (
          <li key={change.id}>
            {change.domainId && change.domain && (
              <>
                <Link
                  to={paths.activity({ domainId: change.domainId })}
                  params={{ account: change.accountId }}
                >
                  <HostName name={change.domain} />
                </Link>
                {": "}
              </>
            )}
            {change.text}{" "}
            <span className={styles.faint}>
              <Instant at={change.at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
