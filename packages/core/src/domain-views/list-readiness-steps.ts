import type { ReadinessStep } from "@waxseal/contract";
import type { z } from "zod";
import { ownerName } from "../setup-names.ts";
import type { DomainFacts } from "./load-domain-facts.ts";
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

function dnsStep({ row, records, certificate }: DomainFacts): Draft {
  const { state, seen, misplaced, correctSince } = records.policyHost;
  const host = ownerName("policyHost", row.domain);
  const step = { step: "dns", title: `${host} points to us`, at: correctSince } as const;
  switch (state) {
    case "correct":
      return { ...step, state: "done", detail: null };
    case "wrong":
      return {
        ...step,
        state: "failed",
        detail: `Your move: it answers ${seen ?? "something else"} instead of the CNAME shown.`,
      };
    case "unreachable":
      return { ...step, state: "failed", detail: "The DNS of the domain does not answer; we keep looking." };
    case "missing":
      return {
        ...step,
        state: certificate || misplaced ? "failed" : "current",
        detail: misplaced
          ? `Your move: the CNAME stands at ${misplaced} instead; mend its name.`
          : "Your move: publish the CNAME shown.",
      };
    case "unchecked":
      return { ...step, state: "current", detail: "Our move: we are looking it up." };
  }
}

const PAST_PREFLIGHT = ["ordering", "validating", "finalizing", "issued"];

function preflightStep({ certificateName: name, certificate }: DomainFacts, firstEvents: FirstEvents): Draft {
  const orderedAt = firstEvents.get("certificate.orderStarted") ?? firstEvents.get("certificate.issued");
  const step = { step: "preflight", title: "A CA may issue its certificate", at: orderedAt } as const;
  if (certificate || orderedAt || (name && PAST_PREFLIGHT.includes(name.state))) {
    return { ...step, state: "done", detail: null };
  }
  if (name?.state === "failing") return { ...step, state: "failed", detail: name.lastErrorDetail };
  return {
    ...step,
    state: "current",
    detail: "Our move: we check CAA records and that the CA can reach us.",
  };
}

const ORDER_DETAILS: Record<string, string> = {
  ordering: "Our move: we are asking the certificate authority.",
  validating: "Our move: the certificate authority is checking the name.",
  finalizing: "Our move: the name is proven, and the certificate is being signed.",
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
  if (name?.state === "failing") return { ...step, state: "failed", detail: name.lastErrorDetail };
  const reason = name && findHeld(name)?.reason;
  return {
    ...step,
    state: "current",
    detail: reason ?? ORDER_DETAILS[name?.state ?? ""] ?? "Our move: the certificate is on order.",
  };
}

function servedStep({ row }: DomainFacts, firstEvents: FirstEvents): Draft {
  const at = firstEvents.get("policy.published") ?? row.activeAt;
  const step = { step: "policyServed", title: "The policy can be fetched over HTTPS", at } as const;
  if (row.publishedVersion !== null) return { ...step, state: "done", detail: null };
  if (row.publishProblem !== null) return { ...step, state: "failed", detail: row.publishProblem };
  return { ...step, state: "current", detail: "Our move: we fetch it the way a sender does." };
}

function recordStep({ row, records }: DomainFacts, firstEvents: FirstEvents): Draft {
  const owner = ownerName("stsRecord", row.domain);
  const at = firstEvents.get("policy.published") ?? row.activeAt;
  const step = { step: "recordPublished", title: `${owner} tells senders of the policy`, at } as const;
  const { state, seen } = records.stsRecord;
  if (state === "wrong") {
    return { ...step, state: "failed", detail: `Your move: it answers ${seen ?? "something else"}.` };
  }
  if (state !== "correct")
    return { ...step, state: "current", detail: "Your move: publish the CNAME shown." };
  if (row.publishedVersion !== null) return { ...step, state: "done", detail: null };
  return { ...step, state: "current", detail: "Our move: its id is being published." };
}

function activeStep({ row }: DomainFacts): Draft {
  const step = { step: "active", title: "Active", at: row.activeAt } as const;
  if (row.activeAt !== null) return { ...step, state: "done", detail: null };
  return { ...step, state: "current", detail: "Our move: one more look at all of it." };
}
