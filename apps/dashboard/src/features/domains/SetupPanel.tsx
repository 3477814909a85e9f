import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView } from "../../api/contract.ts";
import { checkDomain, domainQuery, publishInSandbox } from "../../api/domains.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { describeWaiting } from "./describe-waiting.ts";
import { RecordsInPlace } from "./RecordsInPlace.tsx";
import { SandboxLog } from "./SandboxLog.tsx";
import styles from "./SetupPanel.module.css";
import { SetupRecordList } from "./SetupRecordList.tsx";
import { ShareLink } from "./ShareLink.tsx";

const SOON_MS = 5_000;

type Props = { domain: DomainView; hasSandbox: boolean };

/** The three CNAMEs, each with its own live state. */
export function SetupPanel({ domain, hasSandbox }: Props) {
  const isComplete = domain.setup.every((record) => record.state === "correct");
  if (!isComplete || domain.status === "pending") return <Publish domain={domain} hasSandbox={hasSandbox} />;
  return (
    <Panel
      flush
      title="DNS records"
      term={["cname", "a CNAME"]}
      hint="All three are in place. Leave them there."
    >
      <RecordsInPlace records={domain.setup} />
      <Inset ruled>
        <CheckNow domain={domain} />
      </Inset>
    </Panel>
  );
}

function Publish({ domain, hasSandbox }: Props) {
  const isComplete = domain.setup.every((record) => record.state === "correct");
  return (
    <Panel
      title={domain.status === "pending" ? "Publish these three records" : "DNS records"}
      term={["cname", "a CNAME"]}
      hint={
        isComplete
          ? "All three records are correct."
          : "Once, where the DNS of this domain is managed. This page updates automatically; you can leave and come back."
      }
    >
      <Stack>
        {domain.status === "pending" && <WaitingFor domain={domain} />}
        <SetupRecordList domain={domain.domain} dns={domain.dns} records={domain.setup} />
        <CheckNow domain={domain} />
        {!isComplete && <ShareLink domain={domain} />}
        {hasSandbox && !isComplete && domain.status !== "left" && <PublishInSandbox domain={domain} />}
      </Stack>
    </Panel>
  );
}

/** What the set-up waits for right now, and who has to act. */
function WaitingFor({ domain }: { domain: DomainView }) {
  const words = describeWaiting(domain);
  return (
    <Notice tone={words.tone} title={words.title} live>
      {words.detail}
    </Notice>
  );
}

function CheckNow({ domain }: { domain: DomainView }) {
  const queryClient = useQueryClient();
  const check = useMutation({
    mutationFn: (_, scope) => checkDomain(domain.id, scope),
    onSuccess: (checked) => queryClient.setQueryData(domainQuery(domain.id).queryKey, checked),
  });
  return (
    <>
      <div className={styles.foot}>
        <ActionButton needs="domains.change" busy={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? "Checking…" : "Check now"}
        </ActionButton>
        <p aria-live="polite">
          {domain.checkedAt ? (
            <>
              Last checked <Instant at={domain.checkedAt} />
            </>
          ) : (
            "Not checked yet"
          )}
          {domain.nextCheckAt && (
            <>
              , next check <NextCheck at={domain.nextCheckAt} />
            </>
          )}
          .
        </p>
      </div>
      <ErrorNotice error={check.error} />
    </>
  );
}

function NextCheck({ at }: { at: string }) {
  return new Date(at).getTime() <= Date.now() + SOON_MS ? "any moment" : <Instant at={at} />;
}

function PublishInSandbox({ domain }: { domain: DomainView }) {
  const queryClient = useQueryClient();
  const publish = useMutation({
    mutationFn: (_, scope) => publishInSandbox(domain.id, scope),
    // Checked right away: the next automatic check may be minutes off.
    onSuccess: async (_, _nothing, _before, scope) => {
      const checked = await checkDomain(domain.id, scope);
      queryClient.setQueryData(domainQuery(domain.id).queryKey, checked);
    },
  });
  return (
    <Notice
      tone="aside"
      title="Sandbox"
      actions={
        <ActionButton
          needs="domains.change"
          hideDenied
          busy={publish.isPending}
          onClick={() => publish.mutate()}
        >
          Publish these records in the sandbox
        </ActionButton>
      }
    >
      This machine simulates the DNS of every domain. Press the button instead of editing a real zone.
      {publish.data && <SandboxLog log={publish.data} />}
      {publish.isError && <p role="alert">{errorText(publish.error)}</p>}
    </Notice>
  );
}
