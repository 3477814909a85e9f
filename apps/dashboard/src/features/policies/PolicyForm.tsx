import {
  checkPolicy,
  formatPolicy,
  normalizeMxPattern,
  type Policy,
  type PolicyProblem,
} from "@waxseal/mta-sts";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView } from "../../api/contract.ts";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";
import { Button } from "../../ui/Button.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { Row } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ConfirmPolicy } from "./ConfirmPolicy.tsx";
import { compareWithMx } from "./compare-with-mx.ts";
import { describePolicyChange } from "./describe-policy-change.ts";
import { MaxAgeField } from "./MaxAgeField.tsx";
import { MxEditor } from "./MxEditor.tsx";
import styles from "./PolicyForm.module.css";

const MODES = (["testing", "enforce", "none"] as const).map((value) => ({
  value,
  ...POLICY_MODE_WORDS[value],
}));
const ONE_WEEK_SECONDS = 604_800;

/** The policy editor: judged at every key press by the same rules as the server's. */
export function PolicyForm({ domain }: { domain: DomainView }) {
  const mxHosts = domain.mx.map((mx) => mx.mxHost);
  const current = domain.policy;
  const [mode, setMode] = useState<Policy["mode"]>(current?.mode ?? "testing");
  const [lines, setLines] = useState<readonly string[]>(current?.mx ?? mxHosts);
  const [maxAgeSeconds, setMaxAgeSeconds] = useState(current?.maxAgeSeconds ?? ONE_WEEK_SECONDS);
  const [isAsking, setIsAsking] = useState(false);

  const policy: Policy = { mode, mx: lines.map(normalizeMxPattern), maxAgeSeconds };
  const problems = checkPolicy(policy);
  const changes = describePolicyChange(current, policy);
  const comparison = compareWithMx(policy.mx, mxHosts);
  const reset = () => {
    setMode(current?.mode ?? "testing");
    setLines(current?.mx ?? mxHosts);
    setMaxAgeSeconds(current?.maxAgeSeconds ?? ONE_WEEK_SECONDS);
  };
  return (
    <Panel title="Policy" hint="What senders read at your policy host before they deliver mail.">
      <div className={styles.form}>
        <div className={styles.fields}>
          <Choice legend="Mode" term={["mode", "the mode"]} value={mode} onChange={setMode} options={MODES} />
          <MxEditor
            lines={lines}
            problems={problems.filter((problem) => problem.field === "mx")}
            comparison={comparison}
            hasLiveMx={mxHosts.length > 0}
            onChange={setLines}
          />
          <MaxAgeField
            seconds={maxAgeSeconds}
            problem={problems.find((problem) => problem.field === "maxAgeSeconds")}
            onChange={setMaxAgeSeconds}
          />
          <Row gap={3}>
            <ActionButton
              needs="policies.publish"
              look="primary"
              disabledReason={whyNot(problems, changes)}
              onClick={() => setIsAsking(true)}
            >
              Review and publish…
            </ActionButton>
            {changes.length > 0 && current && (
              <Button look="quiet" onClick={reset}>
                Undo changes
              </Button>
            )}
          </Row>
        </div>
        <div className={styles.preview}>
          <p className={styles.label}>The file senders will get</p>
          <CodeBlock text={formatPolicy(policy).trimEnd()} label="Preview of the policy file" />
          <p className={styles.hint}>
            At https://mta-sts.{domain.domain}/.well-known/mta-sts.txt. The id in the DNS follows only after
            this file is being served.
          </p>
        </div>
      </div>
      <ConfirmPolicy
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        domain={domain}
        policy={policy}
        changes={changes}
        warnings={problems.map((problem) => problem.problem)}
      />
    </Panel>
  );
}

function whyNot(problems: readonly PolicyProblem[], changes: readonly string[]): string | undefined {
  if (problems.some((problem) => problem.severity === "error")) return "Fix the highlighted fields first.";
  return changes.length === 0 ? "No changes." : undefined;
}
