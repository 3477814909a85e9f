import { answerQuestion } from "./answer-question.ts";
import type { Zone } from "./create-zone.ts";
import { RCODE } from "./dns-numbers.ts";
import { encodeAnswer, encodeRefusal, encodeTruncated } from "./encode-answer.ts";
import { readQuery } from "./read-query.ts";

export type AnsweredMessage = { rcode: number; bytes: Buffer };

/**
 * The answer to whatever bytes arrived; undefined for what gets no answer at all. Never throws.
 * `truncate` makes the client ask again over TCP, where it cannot lie about its address.
 */
export function answerMessage(
  message: Buffer,
  zone: Zone,
  { transport, truncate = false }: { transport: "udp" | "tcp"; truncate?: boolean },
): AnsweredMessage | undefined {
  const query = readQuery(message);
  if (query.state === "ignored") return undefined;
  if (query.state === "refused") return { rcode: query.rcode, bytes: encodeRefusal(query) };
  if (query.edns && query.edns.version > 0) {
    const answer = { rcode: RCODE.badVers, authoritative: false, answers: [], authorities: [] };
    return { rcode: answer.rcode, bytes: encodeAnswer(query, answer, transport) };
  }
  const answer = answerQuestion(query.question, zone);
  const bytes = truncate ? encodeTruncated(query, answer) : encodeAnswer(query, answer, transport);
  return { rcode: answer.rcode, bytes };
}
