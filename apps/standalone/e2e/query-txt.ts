import { Resolver } from "node:dns/promises";

/** The TXT records of a name, asked of the nameserver on a loopback port; empty when there is none. */
export async function queryTxt(port: number, name: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${port}`]);
  try {
    return (await resolver.resolveTxt(name)).map((strings) => strings.join(""));
  } catch {
    return [];
  }
}
