import { createHash, X509Certificate } from "node:crypto";
import type { Database, Transaction } from "@waxseal/db";
import type { EveryAddress } from "@waxseal/probes";
import type { ProbedMx } from "../judging/read-mx-probe.ts";
import type { SeenMxHost } from "../judging/seen-mx-host.ts";
import { countMxLook, type MxLooks, NO_MX_LOOKS } from "./count-mx-look.ts";

/** From where we look, while there is one line only. */
const OWN_LINE = "own";
/** The address of the row that judges the host as a whole. */
const ALL_ADDRESSES = "";

type Found = { tlsVersion: string; spki256: string; issuer: string; certificateNotAfter: Date };
type Row = Pick<SeenMxHost, "state" | "fault" | "detail" | "dane"> & { address: string } & Partial<Found>;

/**
 * Stores one look at an MX host for all domains that use it: a row with the empty address for the host as a whole, and one for each
 * address that was asked. A certificate not seen before is added to the history of the host.
 */
export async function keepMxProbe(
  db: Database,
  seen: SeenMxHost,
  probe: ProbedMx,
  at: Date,
  vantage = OWN_LINE,
): Promise<void> {
  const { mxHost } = seen;
  const { found, address: seenAddress } = readFound(probe);
  const rows: Row[] = [
    {
      address: ALL_ADDRESSES,
      state: seen.state,
      fault: seen.fault,
      detail: seen.detail,
      dane: seen.dane,
      ...found,
    },
    ...(probe.every?.addresses ?? []).map(readAddress),
  ];
  await db.$transaction(async (tx) => {
    // One writer per host, since counting needs the row before this one.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`mx_host_probe ${vantage} ${mxHost}`}, 0))`;
    const before = await tx.mxHostProbe.findMany({ where: { mxHost, vantage } });
    for (const row of rows) {
      const earlier = before.find(({ address }) => address === row.address) ?? NO_MX_LOOKS;
      await keepRow(tx, { mxHost, vantage }, row, countMxLook(earlier, row, at), at);
    }
    await tx.mxHostProbe.deleteMany({
      where: { mxHost, vantage, address: { notIn: rows.map(({ address }) => address) } },
    });
    if (!found) return;
    const { spki256, certificateNotAfter, issuer } = found;
    const key = { mxHost, vantage, address: seenAddress, spki256, certificateNotAfter };
    await tx.mxHostCertificate.upsert({
      where: { mxHost_vantage_address_spki256_certificateNotAfter: key },
      create: { ...key, issuer, firstSeenAt: at, lastSeenAt: at },
      update: { lastSeenAt: at },
    });
  });
}

async function keepRow(
  tx: Transaction,
  host: { mxHost: string; vantage: string },
  { address, ...row }: Row,
  { looksBad, looksGood, badSince, confirmedState, confirmedFault, confirmedAt }: MxLooks,
  probedAt: Date,
): Promise<void> {
  const looks = { looksBad, looksGood, badSince, confirmedState, confirmedFault, confirmedAt };
  const data = { ...row, ...looks, probedAt };
  const key = { ...host, address };
  await tx.mxHostProbe.upsert({
    where: { mxHost_vantage_address: key },
    create: { ...key, ...data },
    update: data,
  });
}

function readAddress({ address, state, detail }: EveryAddress["addresses"][number]): Row {
  const states = { fine: "good", failed: "bad", unknown: "unknown" } as const;
  const isFine = state === "fine";
  return { address, state: states[state], fault: null, detail: isFine ? null : detail, dane: "none" };
}

function readFound(probe: ProbedMx): { found: Found | undefined; address: string } {
  if (!("found" in probe) || !probe.found.certificate) return { found: undefined, address: "" };
  const { tlsVersion, address, certificate } = probe.found;
  const { issuer, notAfter: certificateNotAfter, derChain } = certificate;
  const [leaf] = derChain;
  if (!leaf) return { found: undefined, address };
  const key = new X509Certificate(leaf).publicKey.export({ type: "spki", format: "der" });
  const spki256 = createHash("sha256").update(key).digest("hex");
  return { found: { tlsVersion, issuer, certificateNotAfter, spki256 }, address };
}
