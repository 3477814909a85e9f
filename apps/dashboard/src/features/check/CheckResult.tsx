import type { CheckFinding, CheckView } from "../../api/contract.ts";

import { formatDuration } from "../../format/durations.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import type { Tone } from "../../ui/Status.tsx";
import { Text } from "../../ui/Text.tsx";
import { CheckedMxPanel } from "./CheckedMxPanel.tsx";
import { FindingList } from "./FindingList.tsx";
import { ToPublishPanel } from "./ToPublishPanel.tsx";

type Props = { check: CheckView };

/** What a check found, part by part; problems first. */
export function CheckResult({ check }: Props) {
  const about = (...subjects: CheckFinding["subject"][]) =>
    check.findings.filter(({ subject }) => subjects.includes(subject));
  const open = check.findings.filter(({ severity }) => severity === "error" || severity === "warning");
  return (
    <Stack>
      <Verdict check={check} />
      {open.length > 0 && (
        <Panel title="What to do" hint="Most serious first, each with the section that asks for it.">
          <FindingList label="What to do" findings={open} />
        </Panel>
      )}
      <Panel
        title="Record"
        term={["policy-id", "the policy id"]}
        hint="Tells senders that there is a policy, and when it changes."
      >
        <Part findings={about("record", "dns")}>
          <Facts items={{ "TXT record": check.record.text && <code>{check.record.text}</code> }} />
        </Part>
      </Panel>
      <PolicyPart check={check} findings={about("policy")} />
      <CertificatePart check={check} findings={about("certificate")} />
      <CheckedMxPanel check={check} findings={about("mx")} />
      <Panel
        title="Reports"
        term={["tls-rpt", "TLS-RPT"]}
        hint="Tells senders where to send their TLS reports (TLS-RPT)."
      >
        <Part findings={about("tlsrpt")}>
          <Facts items={{ "TXT record": check.tlsRpt.text && <code>{check.tlsRpt.text}</code> }} />
        </Part>
      </Panel>
      <ToPublishPanel toPublish={check.toPublish} />
    </Stack>
  );
}

const VERDICTS = {
  ok: { tone: "good", title: "Configured correctly" },
  warning: { tone: "notice", title: "Working, with warnings" },
  error: { tone: "bad", title: "Failing" },
  none: { tone: "idle", title: "MTA-STS is not set up" },
} satisfies Record<CheckView["verdict"], { tone: Tone; title: string }>;

function Verdict({ check }: Props) {
  const { tone, title } = VERDICTS[check.verdict];
  return (
    <Notice tone={tone} title={title} live>
      {VERDICT_DETAILS[check.verdict](check)} Checked <Instant at={check.checkedAt} exact />.
    </Notice>
  );
}

const VERDICT_DETAILS: Record<CheckView["verdict"], (check: CheckView) => string> = {
  ok: ({ policy }) =>
    policy.mode === "enforce"
      ? "Senders that keep to MTA-STS deliver only over encrypted connections to the listed hosts."
      : "Senders find the policy. It is not in enforce mode, so it protects nothing yet.",
  warning: () => "Senders can use it.",
  error: () => "Senders cannot use all of it, or mail is at stake.",
  none: ({ domain }) =>
    `Nothing tells senders that ${domain} wants encrypted deliveries. An attacker in between can switch encryption off unseen.`,
};

function PolicyPart({ check: { domain, policy }, findings }: Props & { findings: CheckFinding[] }) {
  return (
    <Panel
      title="Policy"
      term={["mta-sts", "MTA-STS"]}
      hint={`https://mta-sts.${domain}/.well-known/mta-sts.txt`}
    >
      <Part findings={findings}>
        <Facts
          terms={{ Mode: ["mode", "the mode"], "Cached for (max_age)": ["max-age", "max_age"] }}
          items={{
            Mode: policy.mode,
            "Cached for (max_age)":
              policy.maxAgeSeconds === null ? null : formatDuration(policy.maxAgeSeconds),
            "Content type": policy.contentType && <code>{policy.contentType}</code>,
            TLS: policy.tlsVersion,
            Addresses: policy.addresses.join(", ") || null,
          }}
        />
        {policy.body !== null && <CodeBlock text={policy.body.trimEnd()} label="Policy file" />}
      </Part>
    </Panel>
  );
}

function CertificatePart({ check: { certificate }, findings }: Props & { findings: CheckFinding[] }) {
  return (
    <Panel title="Certificate of the policy host">
      <Part findings={findings}>
        {certificate ? (
          <Facts
            items={{
              Issuer: certificate.issuer,
              "Good until": <Instant at={certificate.notAfter} exact />,
              Names: certificate.names.join(", "),
            }}
          />
        ) : (
          <Text tone="soft">None was seen.</Text>
        )}
      </Part>
    </Panel>
  );
}

function Part({ findings, children }: { findings: CheckFinding[]; children: React.ReactNode }) {
  return (
    <Stack gap={3}>
      {children}
      {findings.length > 0 && <FindingList label="Findings" findings={findings} />}
    </Stack>
  );
}
