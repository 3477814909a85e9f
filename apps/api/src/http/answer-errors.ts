import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { document, type Problem, toProblem } from "./problem-document.ts";

/** Makes every refusal and failure a problem document with the request's id. RFC 9457 §3 */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const { problem, isBug } = toProblem(error);
    if (isBug) request.log.error({ err: error }, "request failed");
    else if (problem.status >= 500) request.log.warn({ err: error }, "request could not be served");
    return sendProblem(request, reply, problem);
  });
}

/** Answers that there is nothing at this address. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(request, reply, document("not_found", "There is no such page."));
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .header("cache-control", "no-store")
    .serializer(JSON.stringify)
    .send({ ...problem, requestId: request.id });
}
