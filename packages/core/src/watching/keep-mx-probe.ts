import { createHash, X509Certificate } from "node:crypto";
import type { Database, MxHostProbe, Transaction } from "@waxseal/db";
import type { EveryAddress } from "@waxseal/probes";
import type { ProbedMx } from "../judging/read-mx-probe.ts";
import type { SeenMxHost } from "../judging/seen-mx-host.ts";
import { BAD_APART_MS, countMxLook, type MxLooks, NO_MX_LOOKS } from "./count-mx-look.ts";

/** A large provider's host is that of many domains. */
const TRANSACTION = { maxWait: 10_000, timeout: 30_000 };
/** From where we look, while there is one line only. */
const OWN_LINE = "own";
/** The address of the row that judges the host as a whole. */
const ALL_ADDRESSES = "";

type Found = {
  tlsVersion: string;
  spki256: string;
  issuer: string;
  certificateNotAfter: Date;
  certificateNotBefore: Date;
};
type Row = Pick<SeenMxHost, "state" | "fault" | "detail" | "dane"> & { address: string } & Partial<Found>;

/**
 * Stores one look at an MX host for all domains that use it: a row with the empty address for the host as a whole, and one for each
 * address that was asked. A certificate not seen before is added to the history of the host.
 *
 * Domains that use the host are judged when another state counts now, and a state that does not count yet is looked at again as soon as
 * it can. Returns what the looks add up to.
 */
export async function keepMxProbe(
  db: Database,
  seen: SeenMxHost,
  probe: ProbedMx,
  at: Date,
  vantage = OWN_LINE,
): Promise<MxLooks> {
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
  return db.$transaction(async (tx) => {
    // One writer per host, since counting needs the row before this one.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`mx_host_probe ${vantage} ${mxHost}`}, 0))`;
    const before = await tx.mxHostProbe.findMany({ where: { mxHost, vantage } });
    let looks = NO_MX_LOOKS;
    for (const row of rows) {
      const earlier = before.find(({ address }) => address === row.address) ?? NO_MX_LOOKS;
      const counted = countMxLook(earlier, row, at);
      await keepRow(tx, { mxHost, vantage }, row, counted, at);
      if (row.address === ALL_ADDRESSES) looks = counted;
    }
    await tx.mxHostProbe.deleteMany({
      where: { mxHost, vantage, address: { notIn: rows.map(({ address }) => address) } },
    });
    if (found) {
      const { spki256, certificateNotAfter, issuer } = found;
      const key = { mxHost, vantage, address: seenAddress, spki256, certificateNotAfter };
      await tx.mxHostCertificate.upsert({
        where: { mxHost_vantage_address_spki256_certificateNotAfter: key },
        create: { ...key, issuer, firstSeenAt: at, lastSeenAt: at },
        update: { lastSeenAt: at },
      });
    }
    const whole = before.find(({ address }) => address === ALL_ADDRESSES);
    const { state, dane } = seen;
    const certificateNotAfter = found?.certificateNotAfter ?? whole?.certificateNotAfter ?? null;
    await followHost(tx, mxHost, { before: whole, looks, state, dane, certificateNotAfter }, at);
    return looks;
  }, TRANSACTION);
}

type Followed = {
  before: MxHostProbe | undefined;
  looks: MxLooks;
  state: SeenMxHost["state"];
  dane: SeenMxHost["dane"];
  certificateNotAfter: Date | null;
};

async function followHost(
  tx: Transaction,
  mxHost: string,
  { before, looks, state, dane, certificateNotAfter }: Followed,
  at: Date,
): Promise<void> {
  if (state === "bad" && looks.confirmedState !== "bad") {
    const nextProbeAt = new Date(at.getTime() + BAD_APART_MS);
    await tx.mxHostWatch.updateMany({
      where: { mxHost, OR: [{ nextProbeAt: { gt: nextProbeAt } }, { isUrgent: false }] },
      data: { nextProbeAt, isUrgent: true },
    });
  }
  const isSame =
    before?.confirmedState === looks.confirmedState &&
    before.confirmedFault === looks.confirmedFault &&
    before.dane === dane &&
    before.certificateNotAfter?.getTime() === certificateNotAfter?.getTime();
  if (isSame) return;
  // Locked in the order in which domains are judged.
  await tx.$executeRaw`
    with used as (
      select d.account_id, d.id from mx_sighting s
      join domain d on d.account_id = s.account_id and d.id = s.domain_id
      where s.mx_host = ${mxHost} and d.mx_hosts @> jsonb_build_array(jsonb_build_object('mxHost', ${mxHost}::text))
      order by d.account_id, d.id for no key update of d)
    update domain d set judge_at = ${at} from used u
    where d.account_id = u.account_id and d.id = u.id and d.judge_at > ${at}`;
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
  const { issuer, notAfter: certificateNotAfter, notBefore: certificateNotBefore, derChain } = certificate;
  const [leaf] = derChain;
  if (!leaf) return { found: undefined, address };
  const key = new X509Certificate(leaf).publicKey.export({ type: "spki", format: "der" });
  const spki256 = createHash("sha256").update(key).digest("hex");
  return { found: { tlsVersion, issuer, certificateNotAfter, certificateNotBefore, spki256 }, address };
}
