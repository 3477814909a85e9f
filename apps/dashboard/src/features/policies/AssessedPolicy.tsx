import type { PolicyAssessmentView, UnsafeReasonView } from "../../api/contract.ts";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Text } from "../../ui/Text.tsx";

/** What a fresh look says of a policy that would be enforced: what stops it, what to know, or that nothing speaks against it. */
export function AssessedPolicy({ assessment }: { assessment: PolicyAssessmentView }) {
  const { verdict, reasons, simulation } = assessment;
  const stops = reasons.filter(({ level }) => level === "stop");
  const advice = reasons.filter(({ level }) => level === "advise");
  return (
    <Stack gap={3}>
      {stops.length > 0 && (
        <Notice tone="bad" title="Mail would be held back" live>
          <Reasons reasons={stops} />
        </Notice>
      )}
      {advice.length > 0 && (
        <Notice tone="notice" title="Before you publish">
          <Reasons reasons={advice} />
        </Notice>
      )}
      {verdict === "safe" && (
        <Notice tone="good" title="Nothing speaks against enforcing" live>
          <p>
            {simulation.sessions.toLocaleString("en-US")} connections in trusted reports of 14 days; none
            would have been refused. All mail hosts passed the TLS test just now.
          </p>
        </Notice>
      )}
      <Text tone="faint" small>
        Reports do not show senders that send none, and count connections, not messages.
      </Text>
    </Stack>
  );
}

function Reasons({ reasons }: { reasons: readonly UnsafeReasonView[] }) {
  return reasons.map(({ code, mxHost, text }) => <p key={`${code} ${mxHost}`}>{text}</p>);
}
