import { formatDay } from "@waxseal/contract/format-instant";
import type { PolicyAssessmentView } from "../../api/contract.ts";
import { formatCount, formatCountOf } from "../../format/counts.ts";
import { Details } from "../../ui/Details.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Text } from "../../ui/Text.tsx";

const SHOWN = 8;

type Props = {
  assessment: PolicyAssessmentView;
  /** What speaks against the policy itself, whatever was seen. */
  warnings: readonly string[];
};

/** What a fresh look says of a policy that would be enforced: what stops it, what to know, or that nothing speaks against it. */
export function AssessedPolicy({ assessment, warnings }: Props) {
  const { verdict, reasons, simulation } = assessment;
  const stops = reasons.filter(({ level }) => level === "stop");
  const advice = [...reasons.filter(({ level }) => level === "advise").map(({ text }) => text), ...warnings];
  return (
    <Stack gap={3}>
      {stops.length > 0 && (
        <Notice tone="bad" title="Mail would be held back" live>
          <Sentences texts={stops.map(({ text }) => text)} />
        </Notice>
      )}
      {advice.length > 0 && (
        <Notice tone="notice" title="Before you publish">
          <Sentences texts={advice} />
        </Notice>
      )}
      {verdict === "safe" && (
        <Notice tone="good" title="Nothing speaks against enforcing" live>
          <p>{describeRefused(simulation)} All mail hosts passed the TLS test just now.</p>
        </Notice>
      )}
      {verdict !== "safe" && simulation.sessions > 0 && (
        <Details title="What reports of the last 14 days show">
          <Inset>
            <Simulation simulation={simulation} />
          </Inset>
        </Details>
      )}
      <Text tone="faint" small>
        Reports do not show senders that send none, count connections, not messages, and name a mail host only
        where one failed.
      </Text>
    </Stack>
  );
}

/** The causes by mail host and result with their reporters, and the mail hosts that the policy leaves out. */
function Simulation({ simulation }: { simulation: PolicyAssessmentView["simulation"] }) {
  const { causes, unlistedMxHosts, reporters } = simulation;
  return (
    <Stack gap={2}>
      <Text small>
        {describeRefused(simulation)} Reports came from {reporters.join(", ")}.
      </Text>
      {causes.length > 0 && (
        <ul style={{ paddingLeft: 18 }}>
          {causes.slice(0, SHOWN).map(({ text, sessions, reporters: by, lastDay }) => (
            <li key={text}>
              {formatCount(sessions)}: {text} ({by.join(", ")}; last on {formatDay(lastDay)})
            </li>
          ))}
        </ul>
      )}
      {causes.length > SHOWN && <Text small>{formatCountOf(causes.length - SHOWN, "more cause")}</Text>}
      {unlistedMxHosts.length > 0 && (
        <Text small>In the MX records in these days, not in the policy: {unlistedMxHosts.join(", ")}.</Text>
      )}
    </Stack>
  );
}

/** `0 of 300 connections in trusted reports of 14 days would have been refused: surely fewer than 1.3%.` */
function describeRefused({
  sessions,
  refusedSessions,
  refusedShareAtMost,
}: PolicyAssessmentView["simulation"]): string {
  const seen = `${formatCount(refusedSessions)} of ${formatCountOf(sessions, "connection")} in trusted reports of 14 days would have been refused`;
  return refusedShareAtMost === null || refusedSessions > 0
    ? `${seen}.`
    : `${seen}: surely fewer than ${(refusedShareAtMost * 100).toFixed(1)}%.`;
}

function Sentences({ texts }: { texts: readonly string[] }) {
  return texts.map((text) => <p key={text}>{text}</p>);
}
