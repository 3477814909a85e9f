import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A process behind the front: where its /readyz is, and its own port for each port that docker-compose.yml names. */
export type FrontServer = { healthPort: number; ports: Readonly<Record<number, number>> };

export type FrontOptions = {
  /** Holds the folder `certs`; its last part also names the front's inner socket. */
  folder: string;
  ports: { smtp: number; http: number; https: number; health: number };
  /** By service of docker-compose.yml; a service without servers is refused a connection. */
  servers: Readonly<Record<string, readonly FrontServer[]>>;
  /** Between two checks of a server, as HAProxy writes it; unset: as in docker-compose.yml. */
  checkEvery?: string;
};

/** HAProxy's configuration as docker-compose.yml mounts it, with an empty list of accounts' own hosts in the folder; only addresses, paths and the number of connections are the caller's. */
export async function readFrontConfig({ folder, ports, servers, checkEvery }: FrontOptions): Promise<string> {
  const file = new URL("../../../apps/standalone/front/haproxy.cfg", import.meta.url);
  // HAProxy does not start without it.
  await writeFile(join(folder, "hosts.lst"), "", { flag: "a" });
  const config = (await readFile(file, "utf8"))
    // Twice as many files may be more than a test may open.
    .replace(/maxconn \d+/, "maxconn 500")
    .replace("bind :25,[::]:25", `bind 127.0.0.1:${ports.smtp}`)
    .replace("bind :80,[::]:80", `bind 127.0.0.1:${ports.http}`)
    .replace("bind :443,[::]:443", `bind 127.0.0.1:${ports.https}`)
    .replace("bind 127.0.0.1:8404", `bind 127.0.0.1:${ports.health}`)
    .replaceAll("/var/lib/waxseal/", `${folder}/`)
    .replaceAll("abns@dashboard", `abns@${folder.split("/").at(-1)}`)
    .replace(/server-template (\w+) \d+ ([\w-]+):(\d+) (.*)/g, (_, name, service, port, rest) =>
      listServers(servers[service] ?? [], { name, port: Number(port), rest }),
    )
    .replaceAll(" resolvers docker init-addr none", "");
  return checkEvery ? config.replaceAll("inter 1s", `inter ${checkEvery}`) : config;
}

/** One line each instead of a template; port 1 of loopback refuses. */
function listServers(
  servers: readonly FrontServer[],
  { name, port, rest }: { name: string; port: number; rest: string },
): string {
  if (servers.length === 0) return `server ${name} 127.0.0.1:1`;
  const line = (one: FrontServer, place: number) =>
    `server ${name}${place} 127.0.0.1:${one.ports[port] ?? 1} ${rest.replace("9464", `${one.healthPort}`)}`;
  return servers.map(line).join("\n  ");
}
