import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { meQuery } from "../../api/account.ts";
import type { DomainView } from "../../api/contract.ts";
import { domainQuery } from "../../api/domains.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { paths } from "../../paths.ts";
import { Details } from "../../ui/Details.tsx";
import { Columns, Stack } from "../../ui/Layout.tsx";
import { Text } from "../../ui/Text.tsx";
import { CertificatePanel } from "./CertificatePanel.tsx";
import { DomainAlerts } from "./DomainAlerts.tsx";
import { EnforceMeter } from "./EnforceMeter.tsx";
import { FoundPanel } from "./FoundPanel.tsx";
import { HASHES, HealthStrip } from "./HealthStrip.tsx";
import { LeavingPanel } from "./LeavingPanel.tsx";
import { MxPanel } from "./MxPanel.tsx";
import { NextPanel } from "./NextPanel.tsx";
import { ReadinessPanel } from "./ReadinessPanel.tsx";
import { SandboxDeliverPanel } from "./SandboxDeliverPanel.tsx";
import { SandboxFaultPanel } from "./SandboxFaultPanel.tsx";
import { ServedPolicyPanel } from "./ServedPolicyPanel.tsx";
import { SetupPanel } from "./SetupPanel.tsx";
import { UncoveredMx } from "./UncoveredMx.tsx";
import { UnusableMx } from "./UnusableMx.tsx";
import { WatchedConditions } from "./WatchedConditions.tsx";
import { WhoHears } from "./WhoHears.tsx";

/** The domain at a glance; while it is being set up, the steps that are left. */
export function DomainSetupPage() {
  const { domainId = "" } = useParams({ strict: false });
  const { data: domain } = useSuspenseQuery(domainQuery(domainId));
  const { data: me } = useSuspenseQuery(meQuery);
  const hasSandbox = Boolean(me?.sandbox?.hasDns);
  if (domain.status === "pending") {
    return (
      <Stack>
        <UnusableMx domain={domain} />
        <div id={HASHES.dns}>
          <SetupPanel domain={domain} hasSandbox={hasSandbox} />
        </div>
        <HealthStrip domain={domain} />
        <ReadinessPanel domain={domain} />
        <FoundPanel domain={domain} />
        <QueryBoundary height={220}>
          <WhoHears />
        </QueryBoundary>
        <MailHosts domain={domain} />
        <Served domain={domain} />
        <WayOut domain={domain} />
      </Stack>
    );
  }
  if (domain.status === "left") {
    return (
      <Stack>
        <LeavingPanel domain={domain} />
        <Served domain={domain} />
      </Stack>
    );
  }
  const isLeaving = domain.status !== "active";
  return (
    <Stack>
      <HealthStrip domain={domain} />
      <QueryBoundary height={0}>
        <DomainAlerts domainId={domain.id} />
      </QueryBoundary>
      {isLeaving && <LeavingPanel domain={domain} />}
      {!isLeaving && <UnusableMx domain={domain} />}
      <UncoveredMx domain={domain} />
      {!isLeaving && <EnforceMeter domain={domain} />}
      {!isLeaving && <NextPanel domain={domain} />}
      <MailHosts domain={domain} />
      <Served domain={domain} />
      {hasSandbox && !isLeaving && <SandboxDeliverPanel domain={domain} />}
      {hasSandbox && !isLeaving && <SandboxFaultPanel domain={domain} />}
      <div id={HASHES.dns}>
        <SetupPanel domain={domain} hasSandbox={hasSandbox} />
      </div>
      {!isLeaving && (
        <Details title="How it went live">
          <ReadinessPanel domain={domain} />
        </Details>
      )}
      <Details title="What is watched, and why it is or is not an alert">
        <QueryBoundary height={320}>
          <WatchedConditions domainId={domain.id} />
        </QueryBoundary>
      </Details>
      {!isLeaving && <WayOut domain={domain} />}
    </Stack>
  );
}

function MailHosts({ domain }: { domain: DomainView }) {
  return (
    <div id={HASHES.mx}>
      <MxPanel domain={domain} />
    </div>
  );
}

function Served({ domain }: { domain: DomainView }) {
  return (
    <div id={HASHES.certificate}>
      <Columns>
        <ServedPolicyPanel domain={domain} />
        <CertificatePanel domain={domain} />
      </Columns>
    </div>
  );
}

function WayOut({ domain }: { domain: DomainView }) {
  return (
    <Text tone="faint" small>
      No longer needed? <Link to={paths.turnOff({ domainId: domain.id })}>Turn MTA-STS off safely</Link>.
      Deleting the DNS records first does not turn it off.
    </Text>
  );
}
