import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { DomainView } from "../../api/contract.ts";
import { servedPolicyQuery } from "../../api/domains.ts";
import { diffPolicyFiles } from "../../format/diff-policy-files.ts";
import { formatDuration } from "../../format/durations.ts";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";
import { paths } from "../../paths.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { Details } from "../../ui/Details.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { LineDiff } from "../../ui/LineDiff.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { Text } from "../../ui/Text.tsx";
import { describeServedPolicy } from "./describe-served-policy.ts";

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
    <Panel title={TITLES[domain.status]} term={["mta-sts", "MTA-STS"]}>
      <Stack gap={3}>
        <Facts
          terms={{ Mode: ["mode", "the mode"], "Cached for (max_age)": ["max-age", "max_age"] }}
          items={{
            Mode: POLICY_MODE_WORDS[policy.mode].name,
            "Cached for (max_age)": formatDuration(policy.maxAgeSeconds),
            Version: (
              <span>
                {policy.version}{" "}
                {policy.state === "publishing" && isServed && <Status tone="working">Publishing</Status>}
              </span>
            ),
          }}
        />
        <Details title="Its id in the DNS, and its address">
          <Facts
            terms={{ "Id in the DNS": ["policy-id", "the policy id"] }}
            items={{
              "Id in the DNS": domain.publishedPolicyId ? (
                <code>{domain.publishedPolicyId}</code>
              ) : (
                "None yet"
              ),
              Address: isServed ? <a href={url}>{url}</a> : url,
            }}
          />
        </Details>
        <CodeBlock text={policy.body.trimEnd()} label="Policy file" />
        {isServed && <ServedNow domain={domain} />}
        {domain.publishProblem && (
          <Notice tone="bad" title="The newest version is not published yet">
            {domain.publishProblem}
          </Notice>
        )}
      </Stack>
    </Panel>
  );
}

const TITLES = {
  pending: "Policy that will be served",
  active: "Served policy",
  leaving: "Served policy",
  left: "The last policy that was served",
} satisfies Record<DomainView["status"], string>;

/** What a sender that asks right now gets, when that differs from the policy above. */
function ServedNow({ domain }: { domain: DomainView }) {
  const { data: served, isPending } = useQuery(servedPolicyQuery(domain.id));
  if (isPending) return <Status tone="working">Fetching it as a sender would</Status>;
  if (!served) return <Status tone="idle">Not fetched just now</Status>;
  const differs = describeServedPolicy(domain, served);
  if (!differs) {
    return (
      <p>
        <Status tone="good">Senders get exactly this</Status> (fetched <Instant at={served.fetchedAt} />,{" "}
        <Link to={paths.fetches({ domainId: domain.id })}>who else fetched it</Link>)
      </p>
    );
  }
  return (
    <Stack gap={3}>
      <Notice tone={differs.tone} title={differs.title}>
        {differs.meaning} Fetched <Instant at={served.fetchedAt} />.
      </Notice>
      {served.body !== null && (
        <>
          <Text tone="soft" small>
            Line by line: − is served now, + should be.
          </Text>
          <LineDiff
            label="From what is served now to what should be"
            lines={diffPolicyFiles(served.body, domain.policy?.body ?? "")}
          />
        </>
      )}
    </Stack>
  );
}
