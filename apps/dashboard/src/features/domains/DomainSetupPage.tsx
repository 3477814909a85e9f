import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { meQuery } from "../../api/account.ts";
import type { DomainView } from "../../api/contract.ts";
import { domainQuery } from "../../api/domains.ts";
import { paths } from "../../paths.ts";
import { Columns, Stack } from "../../ui/Layout.tsx";
import { Text } from "../../ui/Text.tsx";
import { CertificatePanel } from "./CertificatePanel.tsx";
import { FoundPanel } from "./FoundPanel.tsx";
import { LeavingPanel } from "./LeavingPanel.tsx";
import { MxPanel } from "./MxPanel.tsx";
import { NextPanel } from "./NextPanel.tsx";
import { ReadinessPanel } from "./ReadinessPanel.tsx";
import { SandboxDeliverPanel } from "./SandboxDeliverPanel.tsx";
import { ServedPolicyPanel } from "./ServedPolicyPanel.tsx";
import { SetupPanel } from "./SetupPanel.tsx";
import { UncoveredMx } from "./UncoveredMx.tsx";
import { UnusableMx } from "./UnusableMx.tsx";

/** The domain at a glance; while it is being set up, the steps that are left. */
export function DomainSetupPage() {
  const { domainId = "" } = useParams({ strict: false });
  const { data: domain } = useSuspenseQuery(domainQuery(domainId));
  const { data: me } = useSuspenseQuery(meQuery);
  const hasSandbox = Boolean(me?.sandbox?.hasDns);
  if (domain.status === "pending") {
    return (
      <Stack>
        <FoundPanel domain={domain} />
        <UnusableMx domain={domain} />
        <SetupPanel domain={domain} hasSandbox={hasSandbox} />
        <ReadinessPanel domain={domain} />
        <MxPanel domain={domain} />
        <Columns>
          <ServedPolicyPanel domain={domain} />
          <CertificatePanel domain={domain} />
        </Columns>
        <WayOut domain={domain} />
      </Stack>
    );
  }
  if (domain.status === "left") {
    return (
      <Stack>
        <LeavingPanel domain={domain} />
        <Columns>
          <ServedPolicyPanel domain={domain} />
          <CertificatePanel domain={domain} />
        </Columns>
      </Stack>
    );
  }
  const isLeaving = domain.status !== "active";
  return (
    <Stack>
      {isLeaving && <LeavingPanel domain={domain} />}
      {!isLeaving && <UnusableMx domain={domain} />}
      <UncoveredMx domain={domain} />
      {!isLeaving && <NextPanel domain={domain} />}
      <Columns>
        <ServedPolicyPanel domain={domain} />
        <CertificatePanel domain={domain} />
      </Columns>
      <MxPanel domain={domain} />
      {hasSandbox && !isLeaving && <SandboxDeliverPanel domain={domain} />}
      <SetupPanel domain={domain} hasSandbox={hasSandbox} />
      {!isLeaving && <ReadinessPanel domain={domain} />}
      {!isLeaving && <WayOut domain={domain} />}
    </Stack>
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
