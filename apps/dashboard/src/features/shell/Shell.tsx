import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { meQuery } from "../../api/account.ts";
import { openIncidentsQuery } from "../../api/alerts.ts";
import type { MeView } from "../../api/contract.ts";
import { formatCount } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { AccountControls } from "./AccountControls.tsx";
import { BackToProvider } from "./BackToProvider.tsx";
import { Brand } from "./Brand.tsx";
import { ClosingBanner } from "./ClosingBanner.tsx";
import { PageAnnouncer } from "./PageAnnouncer.tsx";
import styles from "./Shell.module.css";

const SECTIONS: readonly { to: string; name: string; icon: IconName }[] = [
  { to: paths.overview(), name: "Home", icon: "home" },
  { to: paths.domains(), name: "Domains", icon: "globe" },
  { to: paths.alerts(), name: "Alerts", icon: "bell" },
  { to: paths.reports(), name: "Reports", icon: "chart" },
  { to: paths.quarantine(), name: "Quarantine", icon: "inbox" },
  { to: paths.customers(), name: "Customers", icon: "people" },
  { to: paths.settings(), name: "Settings", icon: "gear" },
];

/** The frame around every page of a signed-in person. */
export function Shell() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <header className={styles.side}>
        <Brand brand={me.brand} className={styles.brand} />
        <nav className={styles.nav} aria-label="Sections">
          {SECTIONS.filter(({ to }) => !me.provider || to !== paths.customers()).map((section) => (
            <Link
              key={section.to}
              to={section.to}
              activeOptions={{ includeSearch: false, exact: section.to === paths.overview() }}
            >
              <Icon name={section.icon} />
              {section.name}
              {section.to === paths.alerts() && <OpenAlerts />}
            </Link>
          ))}
        </nav>
        <div className={styles.foot}>
          <SandboxNote sandbox={me.sandbox} />
          <div className={me.provider ? styles.customer : styles.own}>
            <BackToProvider provider={me.provider} />
            <div className={styles.who}>
              <span>{me.account.name}</span>
              <span title={me.user?.email}>{me.user?.email}</span>
            </div>
          </div>
          <AccountControls className={styles.buttons} />
        </div>
        <PageAnnouncer />
      </header>
      <main id="content" className={styles.main} tabIndex={-1}>
        <ClosingBanner account={me.account} />
        <Outlet />
      </main>
    </div>
  );
}

/** How many alerts are open, beside the name of the section. */
function OpenAlerts() {
  const { data } = useQuery(openIncidentsQuery);
  const count = (data?.critical ?? 0) + (data?.warning ?? 0);
  if (count === 0) return null;
  return (
    <span className={data?.critical ? styles.badgeBad : styles.badge}>
      {formatCount(count)}
      <span className="visually-hidden"> open</span>
    </span>
  );
}

function SandboxNote({ sandbox }: Pick<MeView, "sandbox">) {
  if (!sandbox?.mailUrl) return null;
  return (
    <a className={styles.sandbox} href={sandbox.mailUrl} target="_blank" rel="noreferrer">
      <strong>Sandbox</strong>
      <span className={styles.words}>
        : {sandbox.hasDns ? "DNS, CA and senders are" : "mail is"} simulated on this machine. Open the test
        inbox.
      </span>
    </a>
  );
}
