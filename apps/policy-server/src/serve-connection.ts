import type { Socket } from "node:net";
import { type Answer, formatAnswer, refusal } from "./answer.ts";
import { type PolicyRequest, readRequest } from "./read-request.ts";

/** How requests on a connection are answered; a promise only when something has to be waited for. */
export type AnswerRequest = (request: PolicyRequest) => Answer | Promise<Answer>;

/** A connection that is cut off when its deadline passes. */
export type Connection = { socket: Socket; deadlineAtMs: number };

/** A sender fetches one file; anything that keeps asking is not one. */
const MAX_REQUESTS = 100;
/** From the handshake, or from the last answer, to the end of the next request's headers. */
export const HEAD_DEADLINE_MS = 5_000;
/** After the last answer the client may still be sending; cutting it off could cost it the answer. */
const LINGER_MS = 1_000;
/** What is sent to a client that does not read. */
const MAX_UNREAD_BYTES = 128 * 1_024;
const MAX_DISCARDED_BYTES = 64 * 1_024;
/** Requests sent ahead while one waits for its answer. */
const MAX_QUEUED_BYTES = 64 * 1_024;

/**
 * Answers the requests of one connection, in order, until one side has had enough. Bytes that are no request we read are
 * refused here; `onRefused` is told of the status.
 * Only moves the connection's deadline; enforcing it is the caller's work.
 */
export function serveConnection(
  connection: Connection,
  answerRequest: AnswerRequest,
  onRefused: (status: number) => void,
): void {
  const { socket } = connection;
  let received = "";
  let requests = 0;
  let discardedBytes = 0;
  let closing = false;
  let answering = false;
  let hasClientEnded = false;
  connection.deadlineAtMs = Date.now() + HEAD_DEADLINE_MS;
  const destroy = () => void socket.destroy();

  function send(answer: Answer, isHead: boolean, keepAlive: boolean): void {
    socket.write(formatAnswer(answer, { isHead, keepAlive, date: httpDate() }), "latin1");
    connection.deadlineAtMs = Date.now() + HEAD_DEADLINE_MS;
    if (!keepAlive) close();
  }

  function close(): void {
    closing = true;
    received = "";
    connection.deadlineAtMs = Date.now() + LINGER_MS;
    socket.end();
  }

  function work(): void {
    socket.cork();
    while (!closing && received !== "") {
      const read = readRequest(received);
      if (read.state === "incomplete") break;
      if (read.state === "refused") {
        onRefused(read.status);
        send(refusal(read.status), false, false);
        break;
      }
      received = received.slice(read.endsAt);
      requests += 1;
      const { request } = read;
      const answer = answerRequest(request);
      if (answer instanceof Promise) {
        answering = true;
        answer.then((found) => answerLate(request, found)).catch(destroy);
        break;
      }
      sendTo(request, answer);
    }
    socket.uncork();
  }

  function answerLate(request: PolicyRequest, answer: Answer): void {
    answering = false;
    sendTo(request, answer);
    work();
    if (hasClientEnded && !answering && !closing) close();
  }

  function sendTo(request: PolicyRequest, answer: Answer): void {
    send(answer, request.method === "HEAD", request.keepAlive && requests < MAX_REQUESTS);
    if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
  }

  socket.on("data", (chunk: Buffer) => {
    if (closing) {
      discardedBytes += chunk.length;
      if (discardedBytes > MAX_DISCARDED_BYTES) socket.destroy();
      return;
    }
    received += chunk.toString("latin1");
    try {
      if (!answering) work();
      else if (received.length > MAX_QUEUED_BYTES) socket.destroy();
    } catch {
      socket.destroy();
    }
  });
  socket.allowHalfOpen = true;
  socket.on("end", () => {
    hasClientEnded = true;
    if (!closing && !answering) close();
  });
  socket.on("error", destroy);
}

let dateAtSecond = 0;
let dateText = "";

/** Formatting a date costs more than the rest of an answer: once a second is enough. RFC 9110 §5.6.7 */
function httpDate(): string {
  const second = Math.trunc(Date.now() / 1_000);
  if (second !== dateAtSecond) {
    dateAtSecond = second;
    dateText = new Date(second * 1_000).toUTCString();
  }
  return dateText;
}
