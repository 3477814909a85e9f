import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_HEAD_BYTES, readRequest } from "./read-request.ts";

const PATH = "/.well-known/mta-sts.txt";
const HOST = "mta-sts.example.com";

const good: [title: string, text: string, expected: object][] = [
  [
    "a plain GET",
    `GET ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
    { method: "GET", path: PATH, host: HOST, keepAlive: true, isCheck: false },
  ],
  ["HEAD", `HEAD / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, { method: "HEAD", path: "/" }],
  [
    "a port, a final dot and capitals in Host",
    "GET / HTTP/1.1\r\nhOST:\tMTA-STS.Example.com.:8443 \r\n\r\n",
    { host: HOST },
  ],
  ["an address as Host", "GET / HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n", { host: "[2001:db8::1]" }],
  [
    "RFC 9112 §3.2.2: absolute form, whose host wins",
    `GET https://${HOST}${PATH}?a HTTP/1.1\r\nHost: x\r\n\r\n`,
    { path: PATH, host: HOST },
  ],
  ["absolute form without a path", `GET https://${HOST} HTTP/1.1\r\nHost: x\r\n\r\n`, { path: "/" }],
  ["asterisk form", `OPTIONS * HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, { method: "OPTIONS", path: "*" }],
  ["a query", `GET ${PATH}?x=/y HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, { path: PATH }],
  [
    "Connection: close in a list",
    `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: TE, Close\r\n\r\n`,
    { keepAlive: false },
  ],
  ["HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", { host: undefined, keepAlive: false }],
  [
    "a check of a policy",
    `GET / HTTP/1.1\r\nHost: ${HOST}\r\nUSER-AGENT: waxseal-check\r\n\r\n`,
    { isCheck: true },
  ],
  ["an empty body", `GET / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 0\r\n\r\n`, { method: "GET" }],
  ["RFC 9112 §2.2: an empty line before", `\r\nGET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, { method: "GET" }],
  [
    "bytes above 127 in a value",
    `GET / HTTP/1.1\r\nHost: ${HOST}\r\nUser-Agent: \xe9\xff\r\n\r\n`,
    { method: "GET" },
  ],
];

const bad: [title: string, text: string, status: number][] = [
  ["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["RFC 9112 §3.2: two Hosts", "GET / HTTP/1.1\r\nHost: a.example\r\nHost: a.example\r\n\r\n", 400],
  ["a Host that is none", "GET / HTTP/1.1\r\nHost: a example\r\n\r\n", 400],
  ["user information in Host", "GET / HTTP/1.1\r\nHost: a@b.example\r\n\r\n", 400],
  ["RFC 9112 §5.1: a blank before the colon", "GET / HTTP/1.1\r\nHost : a.example\r\n\r\n", 400],
  ["RFC 9112 §5.2: a folded line", "GET / HTTP/1.1\r\nHost: a.example\r\nX: 1\r\n 2\r\n\r\n", 400],
  ["a bare line feed", "GET / HTTP/1.1\r\nHost: a.example\nX: 1\r\n\r\n", 400],
  ["a bare carriage return", "GET / HTTP/1.1\r\nHost: a.example\r\nX: 1\r2\r\n\r\n", 400],
  ["a NUL", "GET / HTTP/1.1\r\nHost: a.example\r\nX: \0\r\n\r\n", 400],
  ["two blanks in the request line", "GET  / HTTP/1.1\r\nHost: a.example\r\n\r\n", 400],
  ["HTTP/0.9", "GET /\r\n\r\n", 400],
  ["HTTP/2 spoken outright", "PRI * HTTP/2.0\r\n\r\n", 505],
  ["a body", "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\n\r\nx", 413],
  ["a chunked body", "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n", 413],
  ["a length that is no number", "GET / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0, 0\r\n\r\n", 400],
  ["a long request line, even unfinished", `GET /${"a".repeat(2_050)}`, 414],
  ["long headers, even unfinished", `GET / HTTP/1.1\r\n${"X: 1\r\n".repeat(1_400)}`, 431],
  ["many headers", `GET / HTTP/1.1\r\nHost: a.example\r\n${"X: 1\r\n".repeat(64)}\r\n`, 431],
];

describe("readRequest", () => {
  test.each(good)("reads %s", (_, text, expected) => {
    expect(readRequest(text)).toMatchObject({ state: "complete", request: expected, endsAt: text.length });
  });

  test.each(bad)("refuses %s", (_, text, status) => {
    expect(readRequest(text)).toEqual({ state: "refused", status });
  });

  test("is incomplete until the last byte, and says where the next request begins", () => {
    const text = `GET ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
    for (let length = 0; length < text.length; length += 1) {
      expect(readRequest(text.slice(0, length))).toEqual({ state: "incomplete" });
    }
    expect(readRequest(`${text}GET /`)).toMatchObject({ endsAt: text.length });
  });

  test("arbitrary bytes never throw, and a head over the limit is never waited for", () => {
    const piece = fc.oneof(
      fc.constantFrom("GET ", "/", " HTTP/1.1", "\r\n", "\r\n\r\n", "Host:", " ", ":", "\0", "\t", "\xff"),
      fc.string({ unit: "binary-ascii", maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join("");
        const read = readRequest(text);
        if (read.state === "complete") expect(read.endsAt).toBeLessThanOrEqual(text.length);
        expect(readRequest(text.padEnd(MAX_HEAD_BYTES + 10, "x")).state).not.toBe("incomplete");
      }),
      { numRuns: 2_000 },
    );
  });

  test("a head of the largest size is read in a moment, whatever it holds", () => {
    for (const filler of [" ", "\t", ":", ",", "a", "\r", "\xff"]) {
      const text = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX:${filler.repeat(MAX_HEAD_BYTES - 100)}\r\n\r\n`;
      const startedAtMs = performance.now();
      readRequest(text);
      expect(performance.now() - startedAtMs).toBeLessThan(20);
    }
  });
});
