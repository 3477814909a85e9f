import type { DomainView, ReadinessStep } from "../../api/contract.ts";
import { Instant } from "../../ui/Instant.tsx";
import { Panel } from "../../ui/Panel.tsx";
import type { Tone } from "../../ui/Status.tsx";
import { Steps } from "../../ui/Steps.tsx";

/** Each step from the first CNAME to an active policy, with its time or what it waits for. */
export function ReadinessPanel({ domain }: { domain: DomainView }) {
  const isOwners = domain.health.state === "waiting";
  return (
    <Panel title={domain.status === "pending" ? "Progress" : "How it went live"}>
      <Steps
        label="Progress"
        steps={domain.readiness.map((step) => ({
          key: step.step,
          title: step.title,
          detail: step.detail,
          at: step.at && <Instant at={step.at} exact />,
          ...(isOwners && step.state === "current" ? OWNERS_STEP : STEP_WORDS[step.state]),
        }))}
      />
    </Panel>
  );
}

/** Nothing turns while the records are still to be published. */
const OWNERS_STEP = { tone: "waiting", word: "waiting for you" } as const;

const STEP_WORDS = {
  done: { tone: "good", word: "done" },
  current: { tone: "working", word: "in progress" },
  failed: { tone: "bad", word: "failed" },
  waiting: { tone: "idle", word: "waiting" },
} satisfies Record<ReadinessStep["state"], { tone: Tone; word: string }>;
