import { expect, test } from "vitest";
import { connectToHost } from "./connect-to-host.ts";
import { createAddressGuard } from "./create-address-guard.ts";
import { createResolver } from "./create-resolver.ts";

test("an address that does not answer in time is a timeout, not a refused connection", async () => {
  const result = await connectToHost({
    host: "mta-sts.example.com",
    port: 1,
    resolver: createResolver({ servers: ["127.0.0.1:1"] }),
    guard: createAddressGuard({ allowPrivate: true }),
    deadline: AbortSignal.abort(new DOMException("too late", "TimeoutError")),
    addressTimeoutMs: 1000,
    connectAddress: "127.0.0.1",
  });
  expect(result).toMatchObject({ missing: "timeout", detail: "127.0.0.1 does not answer on port 1" });
});
