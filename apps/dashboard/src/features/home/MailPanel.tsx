import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { HomeView } from "../../api/contract.ts";
import { formatCount, formatShare } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { Sparkline } from "../../ui/Sparkline.tsx";
import { StatusShape, type Tone } from "../../ui/Status.tsx";
import styles from "./Home.module.css";

/** The verdict, with the share of connections that were encrypted, and how many domains are how. */
export function MailPanel({ home, verdict }: { home: HomeView; verdict: ReactNode }) {
  return (
    <section className={styles.mail} aria-label="Is mail safe?">
      <div className={styles.verdict}>
        <StatusShape tone={toneOf(home)} />
        <p>{verdict}</p>
      </div>
      {home.mail ? <Figures mail={home.mail} /> : <p>Reports cannot be read at the moment.</p>}
    </section>
  );
}

function Figures({ mail: { now, before } }: { mail: NonNullable<HomeView["mail"]> }) {
  return (
    <dl className={styles.figures}>
      <div>
        <dt>Successful, 14 days</dt>
        <dd>{now.sessions > 0 ? formatShare(now.successShare) : "–"}</dd>
        <dd className={styles.note}>
          {now.sessions > 0 ? describeTrend(now.successShare, before.successShare) : "No trusted reports yet"}
        </dd>
      </div>
      <div>
        <dt>Connections</dt>
        <dd>{formatCount(now.sessions)}</dd>
        <dd className={styles.note}>
          {now.failedSessions > 0 ? (
            <Link to={paths.reports()}>{`${formatCount(now.failedSessions)} failed`}</Link>
          ) : (
            "None failed"
          )}
        </dd>
      </div>
      <div>
        <dt>By day</dt>
        <dd className={styles.days}>
          <Sparkline days={now.days} large />
        </dd>
        <dd className={styles.note}>{now.lastDay ? "From trusted reports" : "Reports come once a day"}</dd>
      </div>
    </dl>
  );
}

function toneOf({ byHealth }: HomeView): Tone {
  if (byHealth["mail-failing"] > 0) return "bad";
  if (byHealth["at-risk"] + byHealth["needs-action"] > 0) return "notice";
  return byHealth.good > 0 ? "good" : "working";
}

function describeTrend(now: number | null, before: number | null): string {
  if (now === null || before === null) return "Nothing to compare with yet";
  const points = Math.round((now - before) * 1_000) / 10;
  if (points === 0) return "As in the 14 days before";
  return `${Math.abs(points)} points ${points > 0 ? "above" : "below"} the 14 days before`;
}
