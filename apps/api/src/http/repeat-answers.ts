import { AppError, type SecretBox } from "@waxseal/core";
import { findKeptAnswer, type KeepAnswer, type KeptAnswer, type RepeatSender } from "@waxseal/core/accounts";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** Thrown where a request was answered before; the answer goes out as it was. */
export class RepeatedAnswer extends Error {
  readonly answer: KeptAnswer;

  constructor(answer: KeptAnswer) {
    super("answered before");
    this.answer = answer;
  }
}

/** Requests under way whose answers are to be kept. */
const UNDER_WAY = new WeakMap<FastifyRequest, KeepAnswer>();

const KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * For a POST with an `Idempotency-Key`: remembers it, so that its answer is kept.
 * @throws RepeatedAnswer – it was answered before; AppError `invalid`, `conflict`, `limit_reached`
 */
export async function rememberRequest(
  request: FastifyRequest,
  sender: RepeatSender,
  secretBox: SecretBox,
): Promise<void> {
  const key = request.headers["idempotency-key"];
  if (request.method !== "POST" || key === undefined || UNDER_WAY.has(request)) return;
  if (typeof key !== "string" || !KEY.test(key)) {
    const fields = [{ path: "Idempotency-Key", problem: "must be 1 to 200 visible characters" }];
    throw new AppError("invalid", "The idempotency key is not usable.", { fields });
  }
  const asked = `${request.url} ${JSON.stringify(request.body ?? null)}`;
  const found = await findKeptAnswer(sender, secretBox, { key, request: asked });
  if (typeof found !== "function") throw new RepeatedAnswer(found);
  UNDER_WAY.set(request, found);
}

/**
 * Keeps the answers of requests that were remembered, before they go out. What failed on our side is forgotten, so that the client may try
 * again with the same key.
 */
export function keepAnswers(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload) => {
    const keep = UNDER_WAY.get(request);
    UNDER_WAY.delete(request);
    const isText = typeof payload === "string" || payload === null || payload === undefined;
    if (!keep) return;
    const contentType = String(reply.getHeader("content-type") ?? "application/json");
    const { statusCode: status } = reply;
    await keep(status < 500 && isText ? { status, contentType, body: payload ?? "" } : undefined);
  });
}
