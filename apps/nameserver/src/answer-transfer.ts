import type { Zone } from "./create-zone.ts";
import { CLASS_IN, TYPE } from "./dns-numbers.ts";
import type { Query } from "./encode-answer.ts";
import { encodeDifference, encodeFullTransfer, encodeOnlySoa } from "./encode-transfer.ts";
import { plainAddress, type Secondary } from "./parse-secondaries.ts";
import type { TsigKey } from "./tsig.ts";

/** Who may transfer the zone: these addresses and, when there is a key, only with it. */
export type TransferRules = { secondaries: readonly Secondary[]; tsigKey: TsigKey | undefined };

export type TransferKind = "axfr" | "ixfr" | "soa";

export function isTransfer({ question }: Query): boolean {
  return question.type === TYPE.AXFR || question.type === TYPE.IXFR;
}

/**
 * The messages of a zone transfer; undefined: refused. Only to secondaries, only of the whole zone. A difference that is not known
 * is answered with everything.
 *
 * A server whose settings are not the newest refuses: under the same serial the others have another zone.
 *
 * RFC 5936 §2.2, §5; RFC 1995 §2, §4
 */
export function answerTransfer(
  query: Query,
  zone: Zone,
  source: { transport: "udp" | "tcp"; address: string; isSigned: boolean },
  { secondaries, tsigKey }: TransferRules,
): { kind: TransferKind; messages: Iterable<Buffer> } | undefined {
  const { question, clientSerial } = query;
  const address = plainAddress(source.address);
  if (!secondaries.some((secondary) => secondary.address === address)) return undefined;
  if (tsigKey && !source.isSigned) return undefined;
  const serial = zone.serial();
  if (question.name !== zone.hostedZone || question.class !== CLASS_IN || serial === undefined)
    return undefined;
  if (!zone.isNewestSettings()) return undefined;
  if (question.type === TYPE.AXFR || clientSerial === undefined) {
    if (source.transport === "udp") return undefined;
    return { kind: "axfr", messages: encodeFullTransfer(query, zone, serial) };
  }
  const changes = zone.changesSince(clientSerial);
  if (changes === "newer" || source.transport === "udp") {
    return { kind: "soa", messages: encodeOnlySoa(query, zone, serial) };
  }
  return changes
    ? { kind: "ixfr", messages: encodeDifference(query, zone, { clientSerial, serial, changes }) }
    : { kind: "axfr", messages: encodeFullTransfer(query, zone, serial) };
}
