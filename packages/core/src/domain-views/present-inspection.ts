import type { CheckView } from "@waxseal/contract";
import { type CheckArea, type CheckedMx, type DomainInspection, listRecordsToPublish } from "@waxseal/probes";
import type { z } from "zod";

type View = z.infer<typeof CheckView>;

/** What the public checker found, as it is shown. Texts from outside are cut where the probes cut them. */
export function presentInspection(inspection: DomainInspection): View {
  const { record, policy, tlsRpt } = inspection;
  const read = policy.read;
  const toPublish = listRecordsToPublish(inspection);
  return {
    domain: inspection.domain,
    checkedAt: inspection.checkedAt.toISOString(),
    verdict: judge(inspection),
    record: { found: record.text !== undefined, text: record.text ?? null, policyId: record.id ?? null },
    policy: {
      found: policy.body !== undefined,
      body: policy.body ?? null,
      mode: policy.policy?.mode ?? read?.mode ?? null,
      mx: [...(policy.policy?.mx ?? read?.mx ?? [])],
      maxAgeSeconds: policy.policy?.maxAgeSeconds ?? null,
      contentType: policy.contentType ?? null,
      tlsVersion: policy.tlsVersion ?? null,
      addresses: [...policy.addresses],
    },
    certificate: policy.certificate
      ? {
          issuer: policy.certificate.issuer,
          notAfter: policy.certificate.notAfter.toISOString(),
          names: [...policy.certificate.subjectAltNames],
        }
      : null,
    mx: inspection.mx.map(presentMx),
    tlsRpt: { found: tlsRpt.text !== undefined, text: tlsRpt.text ?? null, rua: [...tlsRpt.rua] },
    findings: inspection.findings.map(({ code, severity, area, rfc, message, fix, mxHost }) => ({
      code,
      severity,
      subject: SUBJECTS[area],
      rfc: rfc || null,
      message,
      fix: fix || null,
      mxHost: mxHost ?? null,
    })),
    toPublish: { records: [...toPublish.records], policy: toPublish.policy ?? null },
  };
}

const SUBJECTS: Record<CheckArea, View["findings"][number]["subject"]> = {
  domain: "dns",
  record: "record",
  policy: "policy",
  certificate: "certificate",
  mx: "mx",
  "tls-rpt": "tlsrpt",
};

function judge({ findings, record, policy }: DomainInspection): View["verdict"] {
  if (record.text === undefined && policy.body === undefined && findings.some(isMissingRecord)) return "none";
  if (findings.some(({ severity }) => severity === "error")) return "error";
  return findings.some(({ severity }) => severity === "warning") ? "warning" : "ok";
}

function isMissingRecord({ code }: DomainInspection["findings"][number]): boolean {
  return code === "record-missing" || code === "not-set-up";
}

function presentMx({ mxHost, preference, isCovered, probe }: CheckedMx): View["mx"][number] {
  const host = { mxHost, preference, covered: isCovered ?? null };
  if (probe === undefined) return { ...host, startTls: "not-tried", detail: null };
  if ("missing" in probe) {
    const isRefused = probe.missing === "starttls-not-offered" || probe.missing === "starttls-refused";
    return { ...host, startTls: isRefused ? "not-offered" : "unreachable", detail: probe.detail };
  }
  const { fault, tlsVersion } = probe.found;
  return fault
    ? { ...host, startTls: "bad-certificate", detail: fault.detail }
    : { ...host, startTls: "ok", detail: tlsVersion };
}
