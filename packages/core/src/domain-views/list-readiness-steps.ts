import type { ReadinessStep } from "@waxseal/contract";
import { HEALTH_WORDS } from "@waxseal/contract/health-words";
import type { Domain, SetupRecord } from "@waxseal/db";
import type { z } from "zod";
import { isCertificateFailing } from "../domains/is-certificate-failing.ts";
import type { DomainFacts } from "../domains/load-domain-facts.ts";
import { ownerName } from "../setup-names.ts";
import { describeRecordMiss, describeSilent } from "./describe-setup.ts";
import { findHeld } from "./present-certificate.ts";

type Step = z.infer<typeof ReadinessStep>;
type Draft = Omit<Step, "at"> & { at: Date | null | undefined };

/** When something first happened to the domain, by event kind. */
export type FirstEvents = ReadonlyMap<string, Date>;

/** The way from CNAME to active, in order; after the first step that is not done, the rest wait. */
export function listReadinessSteps(facts: DomainFacts, firstEvents: FirstEvents): Step[] {
  const drafts = [
    dnsStep(facts),
    preflightStep(facts, firstEvents),
    certificateStep(facts, firstEvents),
    servedStep(facts, firstEvents),
    recordStep(facts, firstEvents),
    activeStep(facts),
  ];
  const firstOpen = drafts.findIndex(({ state }) => state !== "done");
  return drafts.map((draft, index) => {
    const isWaiting = firstOpen !== -1 && index > firstOpen;
    return {
      ...draft,
      state: isWaiting ? "waiting" : draft.state,
      detail: isWaiting ? null : draft.detail,
      at: (!isWaiting && draft.at?.toISOString()) || null,
    };
  });
}

/** What the owner has to do about one CNAME: one that was never there is waited for. */
function describeMiss(record: SetupRecord, { domain, activeAt }: Domain): string {
  const miss = describeRecordMiss(record, domain);
  const state = miss || activeAt ? "needs-action" : "waiting";
  return `${HEALTH_WORDS[state]}: ${miss ?? "publish the CNAME shown"}.`;
}

function dnsStep({ row, records }: DomainFacts): Draft {
  const { state, correctSince } = records.policyHost;
  const host = ownerName("policyHost", row.domain);
  const step = { step: "dns", title: `${host} points to us`, at: correctSince } as const;
  switch (state) {
    case "correct":
      return { ...step, state: "done", detail: null };
    case "wrong":
      return { ...step, state: "failed", detail: describeMiss(records.policyHost, row) };
    case "unreachable":
      return { ...step, state: "current", detail: describeSilent([records.policyHost], row.domain) };
    case "missing":
      return {
        ...step,
        state: row.activeAt || records.policyHost.misplaced ? "failed" : "current",
        detail: describeMiss(records.policyHost, row),
      };
    case "unchecked":
      return { ...step, state: "current", detail: "In progress: we are looking it up." };
  }
}

const PAST_PREFLIGHT = ["ordering", "validating", "finalizing", "issued"];

function preflightStep({ certificateName: name, certificate }: DomainFacts, firstEvents: FirstEvents): Draft {
  const orderedAt = firstEvents.get("certificate.orderStarted") ?? firstEvents.get("certificate.issued");
  const step = { step: "preflight", title: "Our CA is allowed to issue (CAA)", at: orderedAt } as const;
  if (certificate || orderedAt || (name && PAST_PREFLIGHT.includes(name.state))) {
    return { ...step, state: "done", detail: null };
  }
  if (name && isCertificateFailing(name)) return { ...step, state: "failed", detail: name.lastErrorDetail };
  return {
    ...step,
    state: "current",
    detail: "In progress: we check CAA records and that the CA can reach us.",
  };
}

const ORDER_DETAILS: Record<string, string> = {
  ordering: "In progress: we are asking the certificate authority.",
  validating: "In progress: the certificate authority is checking the name.",
  finalizing: "In progress: the name is proven, and the certificate is being signed.",
};

function certificateStep(
  { certificateName: name, certificate }: DomainFacts,
  firstEvents: FirstEvents,
): Draft {
  const at = firstEvents.get("certificate.issued") ?? certificate?.createdAt;
  const step = { step: "certificate", title: "The certificate is issued", at } as const;
  if (certificate) {
    return { ...step, state: "done", detail: `By ${certificate.issuer}.` };
  }
  if (name && isCertificateFailing(name)) return { ...step, state: "failed", detail: name.lastErrorDetail };
  const reason = name && findHeld(name)?.reason;
  return {
    ...step,
    state: "current",
    detail: reason ?? ORDER_DETAILS[name?.state ?? ""] ?? "In progress: the certificate is on order.",
  };
}

function servedStep({ row }: DomainFacts, firstEvents: FirstEvents): Draft {
  const at = firstEvents.get("policy.published") ?? row.activeAt;
  const step = { step: "policyServed", title: "The policy can be fetched over HTTPS", at } as const;
  if (row.publishedVersion !== null) return { ...step, state: "done", detail: null };
  if (row.publishProblem !== null) return { ...step, state: "failed", detail: row.publishProblem };
  return { ...step, state: "current", detail: "In progress: we fetch it the way a sender does." };
}

function recordStep({ row, records }: DomainFacts, firstEvents: FirstEvents): Draft {
  const owner = ownerName("stsRecord", row.domain);
  const at = firstEvents.get("policy.published") ?? row.activeAt;
  const step = { step: "recordPublished", title: `${owner} tells senders of the policy`, at } as const;
  const { state, misplaced } = records.stsRecord;
  const detail = describeMiss(records.stsRecord, row);
  if (state === "wrong" || (state === "missing" && misplaced)) return { ...step, state: "failed", detail };
  if (state === "unreachable")
    return { ...step, state: "current", detail: describeSilent([records.stsRecord], row.domain) };
  if (state !== "correct") return { ...step, state: "current", detail };
  if (row.publishedVersion !== null) return { ...step, state: "done", detail: null };
  return { ...step, state: "current", detail: "In progress: its id is being published." };
}

function activeStep({ row }: DomainFacts): Draft {
  const step = { step: "active", title: "Active", at: row.activeAt } as const;
  if (row.activeAt !== null) return { ...step, state: "done", detail: null };
  return { ...step, state: "current", detail: "In progress: one more look at all of it." };
}
