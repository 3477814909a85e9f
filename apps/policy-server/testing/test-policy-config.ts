import { CAPACITY, type Config } from "../src/config.ts";

/** For tests: settings of a server on free ports of this machine, with its usual capacity and no state folder. */
export function testPolicyConfig(
  given: Pick<Config, "databaseUrl" | "secretKeys"> & Partial<Config>,
): Config {
  return {
    ...CAPACITY,
    bindAddress: "127.0.0.1",
    httpsPort: 0,
    httpPort: 0,
    healthPort: 0,
    proxyProtocolFrom: [],
    stateDir: undefined,
    ...given,
  };
}
