import { Link } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import type { DomainView } from "../../api/contract.ts";
import { paths } from "../../paths.ts";
import { Instant } from "../../ui/Instant.tsx";
import { Status } from "../../ui/Status.tsx";
import styles from "./HealthStrip.module.css";

type Check = DomainView["checks"][number];

/** Each part of the domain with its state, a time and the way to it. */
export function HealthStrip({ domain }: { domain: DomainView }) {
  return (
    <ul className={styles.strip} aria-label="Health by part">
      {domain.checks.map((check) => {
        const { to, hash } = targetOf(check.part, domain.id);
        return (
          <li key={check.part}>
            <Link to={to} {...(hash && { hash })} aria-label={`${NAMES[check.part]}: ${check.word}`}>
              {NAMES[check.part]}
            </Link>
            <Status tone={check.tone}>{check.word}</Status>
            <span className={styles.at}>{check.at && <CheckTime at={check.at} label={check.atLabel} />}</span>
          </li>
        );
      })}
    </ul>
  );
}

function CheckTime({ at, label }: { at: string; label: string | null }) {
  const isDay = label === "Until" || label === "Last about";
  return (
    <>
      {label} {isDay ? formatDay(at) : <Instant at={at} />}
    </>
  );
}

const NAMES = {
  dns: "DNS records",
  certificate: "Certificate",
  policy: "Policy",
  mx: "Mail hosts",
  reports: "Reports",
} satisfies Record<Check["part"], string>;

function targetOf(part: Check["part"], domainId: string): { to: string; hash?: string } {
  if (part === "policy") return { to: paths.policy({ domainId }) };
  if (part === "reports") return { to: paths.domainReports({ domainId }) };
  return { to: paths.domain({ domainId }), hash: HASHES[part] };
}

/** Where the parts are on the page of the domain. */
export const HASHES = { dns: "dns-records", certificate: "certificate", mx: "mail-hosts" } as const;
