import type { Socket } from "node:net";
import { type Answer, formatAnswer, refusal } from "./answer.ts";
import { type PolicyRequest, readRequest } from "./read-request.ts";

/** Our side of a connection, TCP or TLS. Text is Latin-1: one character per byte. */
export type ByteStream = {
  write(text: string): void;
  /** Ends our side, once everything is written. */
  end(): void;
  /** Cuts the connection off. */
  destroy(): void;
  /** What the client has not taken yet. */
  unsentBytes(): number;
};

/** The client's side of a connection. */
export type ServedConnection = { receive(text: string): void; end(): void };

export type Service = {
  /** A promise only when something has to be waited for. */
  answer(request: PolicyRequest): Answer | Promise<Answer>;
  /** Bytes that are no request we read are answered with this status. */
  onRefused(status: number): void;
  /** The connection is to be cut off after this time, unless it is allowed more before. */
  allow(forMs: number): void;
};

/** A sender fetches one file; anything that keeps asking is not one. */
const MAX_REQUESTS = 100;
/** For the handshake; from there, or from the last answer, to the end of the next request's headers. */
export const HEAD_DEADLINE_MS = 5_000;
/** After the last answer the client may still be sending; cutting it off could cost it the answer. */
const LINGER_MS = 1_000;
/** What is sent to a client that does not read. */
const MAX_UNREAD_BYTES = 128 * 1_024;
const MAX_DISCARDED_BYTES = 64 * 1_024;
/** Requests sent ahead while one waits for its answer. */
const MAX_QUEUED_BYTES = 64 * 1_024;

/** Answers the requests of one connection, in order, until one side has had enough. */
export function serveConnection(
  stream: ByteStream,
  { answer: answerRequest, onRefused, allow }: Service,
): ServedConnection {
  let received = "";
  let answers = "";
  let requests = 0;
  let discardedBytes = 0;
  let closing = false;
  let answering = false;
  let hasClientEnded = false;
  allow(HEAD_DEADLINE_MS);

  function add(answer: Answer, isHead: boolean, keepAlive: boolean): void {
    answers += formatAnswer(answer, { isHead, keepAlive, date: httpDate() });
    if (!keepAlive) closing = true;
    if (answers.length + stream.unsentBytes() > MAX_UNREAD_BYTES) throw new Error("the client does not read");
  }

  function addTo(request: PolicyRequest, answer: Answer): void {
    add(answer, request.method === "HEAD", request.keepAlive && requests < MAX_REQUESTS);
  }

  /** Sends what was answered, in one piece. */
  function send(): void {
    if (answers !== "") stream.write(answers);
    if (closing) close();
    else if (answers !== "") allow(HEAD_DEADLINE_MS);
    answers = "";
  }

  function close(): void {
    closing = true;
    received = "";
    allow(LINGER_MS);
    stream.end();
  }

  /** Answers what was received so far. */
  function work(): void {
    while (!closing && received !== "") {
      const read = readRequest(received);
      if (read.state === "incomplete") break;
      if (read.state === "refused") {
        onRefused(read.status);
        add(refusal(read.status), false, false);
        break;
      }
      received = received.slice(read.endsAt);
      requests += 1;
      const { request } = read;
      const answer = answerRequest(request);
      if (answer instanceof Promise) {
        answering = true;
        answer.then((found) => answerLate(request, found)).catch(stream.destroy);
        break;
      }
      addTo(request, answer);
    }
    send();
  }

  function answerLate(request: PolicyRequest, answer: Answer): void {
    answering = false;
    addTo(request, answer);
    work();
    if (hasClientEnded && !answering && !closing) close();
  }

  return {
    receive: (text) => {
      if (closing) {
        discardedBytes += text.length;
        if (discardedBytes > MAX_DISCARDED_BYTES) stream.destroy();
        return;
      }
      received += text;
      try {
        if (!answering) work();
        else if (received.length > MAX_QUEUED_BYTES) stream.destroy();
      } catch {
        stream.destroy();
      }
    },
    end: () => {
      hasClientEnded = true;
      if (!closing && !answering) close();
    },
  };
}

/** The same over plain TCP. */
export function serveSocket(socket: Socket, service: Service): void {
  const destroy = () => void socket.destroy();
  const connection = serveConnection(
    {
      write: (text) => void socket.write(text, "latin1"),
      end: () => void socket.end(),
      destroy,
      unsentBytes: () => socket.writableLength,
    },
    service,
  );
  socket.allowHalfOpen = true;
  socket.on("data", (chunk: Buffer) => connection.receive(chunk.toString("latin1")));
  socket.on("end", connection.end);
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
