import { formatInstant } from "@waxseal/contract/format-instant";
import type { SandboxLogView } from "../../api/contract.ts";
import { Steps } from "../../ui/Steps.tsx";
import styles from "./SandboxLog.module.css";

/** What the sandbox did, step by step. */
export function SandboxLog({ log }: { log: SandboxLogView }) {
  return (
    <div className={styles.log} role="status">
      <Steps
        label="What the sandbox did"
        steps={log.steps.map((step, index) => ({
          key: `${index}`,
          tone: step.ok ? "good" : "bad",
          word: step.ok ? "done" : "failed",
          title: step.who,
          detail: step.text,
          at: (
            <time dateTime={step.at} title={formatInstant(step.at)}>
              {step.at.slice(11, 19)} UTC
            </time>
          ),
        }))}
      />
    </div>
  );
}
