import type {
  Certificate,
  CertificateName,
  Database,
  Domain,
  PolicyVersion,
  SetupRecord,
  Transaction,
} from "@waxseal/db";
import type { RecordKind } from "../setup-names.ts";
import { findUncoveredMx } from "./find-uncovered-mx.ts";

/** A domain with all the facts behind its state. */
export type DomainFacts = {
  row: Domain;
  records: Record<RecordKind, SetupRecord>;
  certificateName: CertificateName | undefined;
  certificate: Certificate | undefined;
  /** The version that is served, or will be once the domain points here; undefined once the domain has left. */
  policy: PolicyVersion | undefined;
  /** MX hosts the policy does not allow. */
  uncoveredMxHosts: string[];
};

/** The facts about some domains of one account, or of several, in their order, in a fixed number of queries. */
export async function loadDomainFacts(
  db: Database | Transaction,
  accounts: string | string[],
  rows: readonly Domain[],
): Promise<DomainFacts[]> {
  const accountId = typeof accounts === "string" ? accounts : { in: accounts };
  const domainId = { in: rows.map(({ id }) => id) };
  const served = rows.flatMap(({ id, servedVersion }) =>
    servedVersion === null ? [] : [{ domainId: id, version: servedVersion }],
  );
  const [records, names, policies] = await Promise.all([
    db.setupRecord.findMany({ where: { accountId, domainId } }),
    db.certificateName.findMany({ where: { accountId, domainId } }),
    served.length > 0 ? db.policyVersion.findMany({ where: { accountId, OR: served } }) : [],
  ]);
  const certificateIds = names.flatMap(({ currentCertificateId }) => currentCertificateId ?? []);
  const certificates =
    certificateIds.length > 0
      ? await db.certificate.findMany({ where: { accountId, id: { in: certificateIds } } })
      : [];

  const recordsOf = Map.groupBy(records, (record) => record.domainId);
  const nameOf = new Map(names.map((name) => [name.domainId, name]));
  const certificateOf = new Map(certificates.map((certificate) => [certificate.id, certificate]));
  const policyOf = new Map(policies.map((policy) => [policy.domainId, policy]));
  return rows.map((row) => {
    const certificateName = nameOf.get(row.id);
    const policy = policyOf.get(row.id);
    return {
      row,
      records: byKind(row, recordsOf.get(row.id) ?? []),
      certificateName,
      certificate: certificateOf.get(certificateName?.currentCertificateId ?? ""),
      policy,
      uncoveredMxHosts: policy ? findUncoveredMx(row, policy) : [],
    };
  });
}

function byKind(row: Domain, records: readonly SetupRecord[]): Record<RecordKind, SetupRecord> {
  const pick = (kind: RecordKind): SetupRecord =>
    records.find((record) => record.kind === kind) ?? {
      accountId: row.accountId,
      domainId: row.id,
      kind,
      state: "unchecked",
      seen: null,
      misplaced: null,
      misdirected: null,
      checkedAt: null,
      correctSince: null,
    };
  return {
    policyHost: pick("policyHost"),
    stsRecord: pick("stsRecord"),
    tlsRptRecord: pick("tlsRptRecord"),
  };
}
