import { Link } from "@tanstack/react-router";
import type { DomainView } from "../../api/contract.ts";
import { formatCount, formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import { Text } from "../../ui/Text.tsx";

type Readiness = NonNullable<DomainView["enforceReadiness"]>;

const STATES = {
  failing: { tone: "notice", word: "Not ready", action: "See what fails" },
  collecting: { tone: "waiting", word: "Collecting reports", action: "Review the policy" },
  unsure: { tone: "idle", word: "Little mail", action: "Review and enforce" },
  ready: { tone: "good", word: "Ready to enforce", action: "Review and enforce" },
} satisfies Record<Readiness["state"], { tone: Tone; word: string; action: string }>;

/** How far the reports go that enforcing would hold back no mail, and the one thing to do. */
export function EnforceMeter({ domain }: { domain: DomainView }) {
  const { enforceReadiness: readiness, id: domainId } = domain;
  if (!readiness) return null;
  const { tone, word, action } = STATES[readiness.state];
  const to = readiness.state === "failing" ? paths.domainReports({ domainId }) : paths.policy({ domainId });
  const isMain = readiness.state === "ready";
  // Enough evidence that mail fails is not the good end of the scale: browsers draw it in yellow.
  const colour = readiness.state === "failing" ? { optimum: 0, low: 0.01, high: 1 } : {};
  return (
    <Panel
      title="Ready to enforce?"
      hint={readiness.text}
      actions={
        <Link to={to} className={isMain ? buttonClass("primary", true) : buttonClass("secondary", true)}>
          {action}
        </Link>
      }
    >
      <Stack gap={2}>
        <Row gap={3}>
          <Status tone={tone}>{word}</Status>
          <meter aria-label="Evidence from reports" value={readiness.progress} max={1} {...colour} />
        </Row>
        <Text tone="soft" small>
          {`Proven reports of the last 14 days: ${formatCountOf(readiness.reportDays, "day")} with reports (${readiness.neededDays} needed), ${formatCountOf(readiness.sessions, "connection")} (${formatCount(readiness.neededSessions)} needed), ${formatCountOf(readiness.reporters, "sender")} (2 needed).`}
        </Text>
      </Stack>
    </Panel>
  );
}
