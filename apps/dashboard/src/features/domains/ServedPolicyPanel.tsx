import { Link } from "@tanstack/react-router";
import type { DomainView } from "../../api/contract.ts";
import { formatDuration } from "../../format/durations.ts";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";
import { paths } from "../../paths.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";

/** The policy file as it is served, and whether its id is in the DNS. */
export function ServedPolicyPanel({ domain }: { domain: DomainView }) {
  const { policy } = domain;
  if (!policy) {
    return (
      <Panel title="Policy">
        <EmptyState
          title="No policy yet"
          body={<Link to={paths.policy({ domainId: domain.id })}>Write the first one</Link>}
        />
      </Panel>
    );
  }
  const url = `https://mta-sts.${domain.domain}/.well-known/mta-sts.txt`;
  const isServed = domain.status !== "pending" && domain.status !== "left";
  return (
    <Panel title={isServed ? "Served policy" : "Policy that will be served"}>
      <Stack gap={3}>
        <Facts
          items={{
            Mode: POLICY_MODE_WORDS[policy.mode].name,
            "Remembered for": formatDuration(policy.maxAgeSeconds),
            Version: (
              <span>
                {policy.version}{" "}
                {policy.state === "publishing" && isServed && <Status tone="working">Publishing</Status>}
              </span>
            ),
            "Id in the DNS": domain.publishedPolicyId ? <code>{domain.publishedPolicyId}</code> : "None yet",
            Address: isServed ? <a href={url}>{url}</a> : url,
          }}
        />
        <CodeBlock text={policy.body.trimEnd()} label="Policy file" />
        {domain.publishProblem && (
          <Notice tone="bad" title="The newest version is not published yet">
            {domain.publishProblem}
          </Notice>
        )}
      </Stack>
    </Panel>
  );
}
