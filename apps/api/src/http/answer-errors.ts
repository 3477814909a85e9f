import type { KeptAnswer } from "@waxseal/core/accounts";
import { type Database, isDatabaseAway, isOneDatabase } from "@waxseal/db";
import { withDeadline } from "@waxseal/runtime/with-deadline";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { document, type Problem, toProblem } from "./problem-document.ts";
import { RepeatedAnswer } from "./repeat-answers.ts";

/** Makes every refusal and failure a problem document with the request's id. RFC 9457 §3 */
export function answerErrors(app: FastifyInstance, db: Database): void {
  app.setErrorHandler(async (error, request, reply) => {
    if (error instanceof RepeatedAnswer) return sendAgain(reply, error.answer);
    const { problem, isBug } = toProblem(error, isDatabaseAway(error) && (await areOnlyReportsAway(db)));
    if (isBug) request.log.error({ err: error }, "request failed");
    else if (problem.status >= 500) request.log.warn({ err: error }, "request could not be served");
    return sendProblem(request, reply, problem);
  });
}

/** Answers that there is nothing at this address, or which methods it has instead. RFC 9110 §15.5.6 */
export function sendNotFound(
  request: FastifyRequest,
  reply: FastifyReply,
  methods: readonly string[],
): FastifyReply {
  if (methods.length > 0) {
    const detail = `This address has no method ${request.method}; it has ${methods.join(", ")}.`;
    reply.header("allow", methods.join(", "));
    return sendProblem(
      request,
      reply,
      document("invalid", detail, { title: "Wrong method", status: 405, reason: "wrong_method" }),
    );
  }
  return sendProblem(
    request,
    reply,
    document("not_found", "There is no such page.", { reason: "no_such_page" }),
  );
}

function sendAgain(reply: FastifyReply, { status, contentType, body }: KeptAnswer): FastifyReply {
  return reply
    .code(status)
    .header("content-type", contentType)
    .header("idempotency-replayed", "true")
    .header("cache-control", "no-store")
    .serializer((text: string) => text)
    .send(body);
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  // RFC 9110 §15.5.2
  if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="Waxseal"');
  return reply
    .code(problem.status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .header("cache-control", "no-store")
    .serializer(JSON.stringify)
    .send({ ...problem, requestId: request.id });
}

/** After an error that says that a database is away: whether state answers, so that it must be that of the reports. */
async function areOnlyReportsAway(db: Database): Promise<boolean> {
  if (isOneDatabase(db)) return false;
  return withDeadline(db.$queryRaw`select 1`, 1_000).then(
    () => true,
    () => false,
  );
}
