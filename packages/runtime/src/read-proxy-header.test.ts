import { expect, test } from "vitest";
import { readProxyHeader } from "./read-proxy-header.ts";

const SIGNATURE = "0d0a0d0a000d0a515549540a";
const TCP4 = `${SIGNATURE}2111000c${"c0000201"}${"cb007107"}${"9c40"}${"01bb"}`;
const V6_ADDRESSES = `${"20010db8000000000000000000000001"}${"20010db8ffff0000000000000000abcd"}`;
const TCP6 = `${SIGNATURE}21210024${V6_ADDRESSES}${"9c40"}${"01bb"}`;
const bytes = (hex: string) => Buffer.from(hex, "hex");

const GOOD: [name: string, hex: string, clientAddress: string | undefined, headerBytes: number][] = [
  ["TCP over IPv4", TCP4, "192.0.2.1", 28],
  ["TCP over IPv6", TCP6, "2001:db8::1", 52],
  ["fields after the addresses", `${SIGNATURE}21110010c0000201cb0071079c4001bb04000100`, "192.0.2.1", 32],
  ["a health check of the front", `${SIGNATURE}20000000`, undefined, 16],
  ["a health check that names a family", `${SIGNATURE}2011000cc0000201cb0071079c4001bb`, undefined, 28],
  ["a client the front says nothing about", `${SIGNATURE}21000000`, undefined, 16],
];
test.each(GOOD)("PROXY v2, %s: is read, and what follows is not touched", (_, hex, clientAddress, length) => {
  const header = bytes(hex);
  expect(header).toHaveLength(length);
  const expected = { state: "complete", clientAddress, bytes: length };
  expect(readProxyHeader(header)).toEqual(expected);
  expect(readProxyHeader(Buffer.concat([header, bytes("16030100")]))).toEqual(expected);
  for (let end = 0; end < length; end++) {
    expect(readProxyHeader(header.subarray(0, end))).toEqual({ state: "incomplete" });
  }
});

const BAD: [name: string, bytes: Buffer][] = [
  ["version 1", Buffer.from("PROXY TCP4 192.0.2.1 203.0.113.7 40000 443\r\n")],
  ["the first byte of version 1", Buffer.from("P")],
  ["a TLS ClientHello", bytes("1603010200010001fc0303")],
  ["a plain request", Buffer.from("GET / HTTP/1.1\r\n")],
  ["version 1 behind the signature of version 2", bytes(`${SIGNATURE}1111000c`)],
  ["an unknown command", bytes(`${SIGNATURE}2211000c`)],
  ["UDP", bytes(TCP4.replace("2111000c", "2112000c"))],
  ["a UNIX socket", bytes(`${SIGNATURE}213100d8${"00".repeat(216)}`)],
  ["addresses cut short", bytes(`${SIGNATURE}2111000bc0000201cb0071079c4001`)],
  ["IPv6 with the length of IPv4", bytes(TCP4.replace("2111000c", "2121000c"))],
  ["more fields than anybody needs, before they have come", bytes(`${SIGNATURE}21110201`)],
];
test.each(BAD)("PROXY v2, %s: is refused at once", (_, received) => {
  expect(readProxyHeader(received)).toEqual({ state: "refused" });
});
