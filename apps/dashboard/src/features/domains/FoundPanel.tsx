import { useQuery } from "@tanstack/react-query";
import type { DomainSurveyView, DomainView } from "../../api/contract.ts";
import { surveyQuery } from "../../api/domains.ts";
import { formatDuration } from "../../format/durations.ts";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { Details } from "../../ui/Details.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import styles from "./FoundPanel.module.css";
import { TakeOverPolicy } from "./TakeOverPolicy.tsx";

/** What the domain has today, and what will change: the first thing a new owner is shown. */
export function FoundPanel({ domain }: { domain: DomainView }) {
  const { data: survey, error, refetch } = useQuery(surveyQuery(domain.id));
  return (
    <Panel title="What we found today" hint="Looked up just now, from outside, as senders do.">
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!survey && !error && <Skeleton height={210} />}
      {survey && <Found domain={domain} survey={survey} />}
    </Panel>
  );
}

function Found({ domain, survey }: { domain: DomainView; survey: DomainSurveyView }) {
  const { policy } = survey.mtaSts;
  const mode = domain.policy && POLICY_MODE_WORDS[domain.policy.mode].name.toLowerCase();
  return (
    <Stack gap={3}>
      <Facts
        items={{
          "Mail hosts": <MailHosts domain={domain} />,
          "MTA-STS": describeSts(survey),
          "TLS reports": describeReports(survey),
          "Draft policy": mode && domain.policy && (
            <span>
              Mode {mode}, cached for {formatDuration(domain.policy.maxAgeSeconds)},{" "}
              {domain.policy.mx.map((pattern, place) => (
                <span key={pattern}>
                  {place > 0 && ", "}
                  <code>{pattern}</code>
                </span>
              ))}
            </span>
          ),
        }}
      />
      {survey.changes.length > 0 && (
        <div>
          <h3 className={styles.heading}>What will change</h3>
          <ul className={styles.changes}>
            {survey.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </div>
      )}
      <TakeOverPolicy domain={domain} elsewhere={policy} />
      {survey.patterns.length > 0 && (
        <Details title="Why these mail hosts, and why a wildcard or not">
          <ul className={styles.why}>
            {survey.patterns.map(({ pattern, why }) => (
              <li key={pattern}>
                <code>{pattern}</code> {why}
              </li>
            ))}
          </ul>
        </Details>
      )}
      {policy && (
        <Details title="The policy served elsewhere today">
          <CodeBlock text={policy.body.trimEnd()} label="Policy served elsewhere" />
        </Details>
      )}
    </Stack>
  );
}

function MailHosts({ domain }: { domain: DomainView }) {
  if (domain.mx.length === 0) return domain.mxCheckedAt ? "No MX records" : "Not looked up yet";
  const providers = [...new Set(domain.mx.flatMap(({ provider }) => provider ?? []))];
  return (
    <span>
      {providers.length > 0 && `${providers.join(", ")}: `}
      {domain.mx.map(({ mxHost }, place) => (
        <span key={mxHost}>
          {place > 0 && ", "}
          <code>{mxHost}</code>
        </span>
      ))}
    </span>
  );
}

function describeSts({ mtaSts }: DomainSurveyView): string {
  const { state, policy, hostTarget } = mtaSts;
  if (state === "none") return "Not set up";
  if (state === "unknown") return "Not known: the DNS did not answer";
  if (state === "here") return "Already hosted here";
  const where = hostTarget ? `, at ${hostTarget}` : "";
  if (!policy) return `Announced${where}, but no policy can be fetched`;
  const age = policy.maxAgeSeconds === null ? "" : `, cached for ${formatDuration(policy.maxAgeSeconds)}`;
  return `Hosted elsewhere${where}: mode ${policy.mode ?? "unreadable"}${age}`;
}

function describeReports({ tlsRpt }: DomainSurveyView): string {
  if (tlsRpt.state === "none") return "Not set up";
  if (tlsRpt.state === "unknown") return "Not known: the DNS did not answer";
  if (tlsRpt.state === "here") return "Already sent here";
  return tlsRpt.rua.length > 0 ? `Go to ${tlsRpt.rua.join(", ")}` : "Go elsewhere";
}
