import { findFreePort } from "@waxseal/runtime/find-free-port";
import { startChild } from "./start-child.ts";

/**
 * A DNS server that answers what a test sets, and follows CNAMEs one level.
 *
 * Names without data get the default address (127.0.0.1, no AAAA).
 */
export type MockDns = {
  /** `host:port` for UDP and TCP. */
  dnsServer: string;
  managementUrl: string;
  addA(host: string, addresses: readonly string[]): Promise<void>;
  addAaaa(host: string, addresses: readonly string[]): Promise<void>;
  addCname(host: string, target: string): Promise<void>;
  addTxt(host: string, value: string): Promise<void>;
  /** A CAA property, e.g. `("example.com", "issue", "pebble.letsencrypt.org")`. */
  addCaa(host: string, tag: string, value: string): Promise<void>;
  /** Makes every look-up of the host fail with SERVFAIL until `clear`. */
  setServfail(host: string): Promise<void>;
  /** Forgets everything about a host. */
  clear(host: string): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts Debian's `pebble-challtestsrv` (package `pebble`) with its DNS part only.
 *
 * @throws Error – the program is missing or does not start
 */
export async function startChalltestsrv(): Promise<MockDns> {
  const [dnsPort, managementPort] = [await findFreePort(), await findFreePort()];
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  const post = async (path: string, body: object) => {
    const response = await fetch(`${managementUrl}/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`challtestsrv ${path} answered ${response.status}`);
  };
  const off = ["-http01", "", "-https01", "", "-tlsalpn01", ""];
  const child = await startChild({
    command: "pebble-challtestsrv",
    args: [
      ...off,
      "-dns01",
      `127.0.0.1:${dnsPort}`,
      "-management",
      `127.0.0.1:${managementPort}`,
      "-defaultIPv6",
      "",
    ],
    isReady: async () => {
      await post("set-default-ipv4", { ip: "127.0.0.1" });
      return true;
    },
  });
  return {
    dnsServer: `127.0.0.1:${dnsPort}`,
    managementUrl,
    addA: (host, addresses) => post("add-a", { host: absolute(host), addresses }),
    addAaaa: (host, addresses) => post("add-aaaa", { host: absolute(host), addresses }),
    addCname: (host, target) => post("set-cname", { host: absolute(host), target: absolute(target) }),
    addTxt: (host, value) => post("set-txt", { host: absolute(host), value }),
    addCaa: (host, tag, value) => post("add-caa", { host: absolute(host), policies: [{ tag, value }] }),
    setServfail: (host) => post("set-servfail", { host: absolute(host) }),
    async clear(host) {
      for (const path of [
        "clear-a",
        "clear-aaaa",
        "clear-cname",
        "clear-txt",
        "clear-caa",
        "clear-servfail",
      ]) {
        await post(path, { host: absolute(host) });
      }
    },
    stop: child.stop,
  };
}

function absolute(host: string): string {
  return host.endsWith(".") ? host : `${host}.`;
}
