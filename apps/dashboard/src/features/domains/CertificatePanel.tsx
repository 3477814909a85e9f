import type { CertificateView, DomainView } from "../../api/contract.ts";
import { Details } from "../../ui/Details.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import { CertificateProgress } from "./CertificateProgress.tsx";

/** The certificate of the policy host: who issued it, until when, and what happens next. */
export function CertificatePanel({ domain }: { domain: DomainView }) {
  const { certificate } = domain;
  return (
    <Panel title="Certificate" term={["caa", "CAA"]}>
      {certificate ? (
        <CertificateFacts certificate={certificate} />
      ) : (
        <EmptyState
          title="Not ordered yet"
          body={`We order it as soon as mta-sts.${domain.domain} points to us. You need to do nothing.`}
        />
      )}
    </Panel>
  );
}

function CertificateFacts({ certificate }: { certificate: CertificateView }) {
  const { current, held, lastError } = certificate;
  const { tone, word } = CERTIFICATE_WORDS[certificate.state];
  return (
    <Stack gap={3}>
      <Facts
        items={{
          State: <Status tone={tone}>{held && !current ? "Waiting for its turn" : word}</Status>,
          "Valid until": current && <Instant at={current.notAfter} exact />,
          Renewed: current?.renewAt ? (
            <span>
              about <Instant at={current.renewAt} exact />
            </span>
          ) : null,
          "Next attempt": certificate.nextAttemptAt && <Instant at={certificate.nextAttemptAt} exact />,
        }}
      />
      <Details title="Name, issuer and fingerprint">
        <Facts
          items={{
            Name: <code>{certificate.host}</code>,
            "Issued by": current?.issuer,
            Fingerprint: current && <code>{current.fingerprint256}</code>,
          }}
        />
      </Details>
      {held && (
        <Notice
          tone="idle"
          title={current ? "The renewal waits for a limit of the CA" : "It waits for a limit of the CA"}
        >
          {held.reason}
        </Notice>
      )}
      <CertificateProgress certificate={certificate} />
      {lastError && (
        <Notice
          tone={certificate.state === "issued" ? "notice" : "bad"}
          title={
            <>
              The last attempt failed <Instant at={lastError.at} />
            </>
          }
        >
          {lastError.detail}
        </Notice>
      )}
    </Stack>
  );
}

const CERTIFICATE_WORDS = {
  waiting: { tone: "idle", word: "Waiting for the DNS" },
  preflight: { tone: "working", word: "Checking the way in" },
  ordering: { tone: "working", word: "Ordering" },
  validating: { tone: "working", word: "The CA is checking" },
  finalizing: { tone: "working", word: "Being issued" },
  issued: { tone: "good", word: "Valid" },
  failing: { tone: "bad", word: "Failing, will be tried again" },
  stopped: { tone: "idle", word: "No longer renewed" },
} satisfies Record<CertificateView["state"], { tone: Tone; word: string }>;
