import { Misdirection, type SetupRecordView } from "@waxseal/contract";
import type { Domain, SetupRecord } from "@waxseal/db";
import type { z } from "zod";
import type { HostingSettings } from "../hosting-settings.ts";
import { ownerName, RECORD_KINDS, type RecordKind, targetName } from "../setup-names.ts";

const PURPOSES: Record<RecordKind, string> = {
  policyHost: "Lets senders fetch your policy from us over HTTPS, and lets us get the certificate for it.",
  stsRecord: "Tells senders that you have a policy, and when it changes.",
  tlsRptRecord: "Tells senders where to send their TLS reports.",
};

/** The three CNAMEs of a domain, in the order an owner is shown them, each as last seen in the DNS. */
export function presentSetupRecords(
  { domain, token }: Pick<Domain, "domain" | "token">,
  records: Record<RecordKind, SetupRecord>,
  { hostedZone }: Pick<HostingSettings, "hostedZone">,
): z.infer<typeof SetupRecordView>[] {
  return RECORD_KINDS.map((kind) => {
    const { state, seen, misplaced, misdirected, checkedAt, correctSince } = records[kind];
    return {
      kind,
      type: "CNAME",
      name: ownerName(kind, domain),
      target: targetName(kind, token, hostedZone),
      state,
      seen,
      misplaced,
      misdirected: Misdirection.safeParse(misdirected).data ?? null,
      purpose: PURPOSES[kind],
      checkedAt: checkedAt?.toISOString() ?? null,
      correctSince: correctSince?.toISOString() ?? null,
    };
  });
}
