import { answerQuestion } from "./answer-question.ts";
import { answerTransfer, isTransfer, type TransferKind, type TransferRules } from "./answer-transfer.ts";
import type { Zone } from "./create-zone.ts";
import { RCODE, type Rcode } from "./dns-numbers.ts";
import { encodeAnswer, encodeRefusal, encodeTruncated, type Query, responseLimit } from "./encode-answer.ts";
import { readQuery } from "./read-query.ts";
import { checkTsig, type SignTsig } from "./tsig.ts";

export type AnsweredMessage = {
  rcode: number;
  /** More than one only for a transfer; made while they are read. */
  messages: Iterable<Buffer>;
  transfer?: TransferKind;
};

export type MessageSource = {
  transport: "udp" | "tcp";
  address: string;
  /** Makes the client ask again over TCP, where it cannot lie about its address. */
  truncate?: boolean;
};

const NO_TRANSFERS: TransferRules = { secondaries: [], tsigKey: undefined };

/** The answer to whatever bytes arrived; undefined for what gets no answer at all. Never throws. */
export function answerMessage(
  message: Buffer,
  zone: Zone,
  source: MessageSource,
  { rules = NO_TRANSFERS, now = () => new Date() }: { rules?: TransferRules; now?: () => Date } = {},
): AnsweredMessage | undefined {
  const query = readQuery(message);
  if (query.state === "ignored") return undefined;
  if (query.state === "refused") return { rcode: query.rcode, messages: [encodeRefusal(query)] };
  if (query.tsigAt === undefined)
    return answerQuery(query, zone, { ...source, createSign: undefined }, rules);
  const tsig = checkTsig(message, query.tsigAt, { key: rules.tsigKey, now: now() });
  if (!tsig) {
    const { id, flags } = query;
    return { rcode: RCODE.formErr, messages: [encodeRefusal({ id, flags, rcode: RCODE.formErr })] };
  }
  if (tsig.state === "valid") {
    return answerQuery(query, zone, { ...source, createSign: tsig.createSign }, rules);
  }
  const { rcode, bytes } = refuse(query, RCODE.notAuth, source.transport);
  return { rcode, messages: [tsig.reject(bytes)] };
}

type SignedSource = MessageSource & { createSign: (() => SignTsig) | undefined };

function answerQuery(query: Query, zone: Zone, source: SignedSource, rules: TransferRules): AnsweredMessage {
  const { transport, createSign } = source;
  if (isTransfer(query)) {
    const transfer = answerTransfer(query, zone, { ...source, isSigned: createSign !== undefined }, rules);
    if (transfer) {
      const messages = createSign ? signEach(transfer.messages, createSign()) : transfer.messages;
      return { rcode: RCODE.noError, messages, transfer: transfer.kind };
    }
  }
  const { rcode, bytes, truncated } = answerPlainly(query, zone, source);
  if (!createSign) return { rcode, messages: [bytes] };
  const signed = createSign()(bytes);
  const fits = signed.length <= responseLimit(query, transport);
  return { rcode, messages: [fits ? signed : createSign()(truncated())] };
}

function answerPlainly(query: Query, zone: Zone, { transport, truncate }: MessageSource) {
  if (query.edns && query.edns.version > 0) return refuse(query, RCODE.badVers, transport);
  const answer = answerQuestion(query.question, zone);
  const truncated = () => encodeTruncated(query, answer);
  const bytes = truncate ? truncated() : encodeAnswer(query, answer, transport);
  return { rcode: answer.rcode, bytes, truncated };
}

function refuse(query: Query, rcode: Rcode, transport: "udp" | "tcp") {
  const answer = { rcode, authoritative: false, answers: [], authorities: [] };
  const bytes = encodeAnswer(query, answer, transport);
  return { rcode, bytes, truncated: () => bytes };
}

function* signEach(messages: Iterable<Buffer>, sign: SignTsig): Iterable<Buffer> {
  for (const message of messages) yield sign(message);
}
