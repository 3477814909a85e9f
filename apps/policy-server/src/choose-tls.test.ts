import { expect, test } from "vitest";
import { chooseTls, testTls } from "./choose-tls.ts";
import { loadTlsHandles } from "./node-tls-handles.ts";
import { openTlsStream } from "./open-tls-stream.ts";

test("TLS goes over Node's handle in the Node that we ship", async () => {
  expect(await chooseTls()).toMatchObject({ path: "handle" });
});

test("a Node without these bindings is served through its streams", async () => {
  const load = () => {
    throw new Error("No such binding: tls_wrap");
  };
  expect(await chooseTls(load)).toEqual({
    path: "stream",
    openTls: openTlsStream,
    problem: new Error("No such binding: tls_wrap"),
  });
});

test.each([
  ["is read to a wrong length", () => ({ ...loadTlsHandles(), lastRead: () => 3 })],
  ["says that nothing was read", () => ({ ...loadTlsHandles(), lastRead: () => -1 })],
  ["wraps nothing", () => ({ ...loadTlsHandles(), wrapSocket: () => undefined })],
  ["has lost a method", () => ({ ...loadTlsHandles(), wrapSocket: () => ({}) as never })],
])("a handle that %s fails the self-test, and streams are used", async (_, load) => {
  const { path, problem } = await chooseTls(load, 300);
  expect(path).toBe("stream");
  expect(problem).toBeInstanceOf(Error);
});

test("Node's streams pass the same self-test", async () => {
  await testTls(openTlsStream);
});
