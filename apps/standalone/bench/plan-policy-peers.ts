import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findPort } from "../src/find-port.ts";
import { type BenchPki, benchHost } from "./open-bench-pki.ts";
import type { ServerPlan } from "./policy-server-under-test.ts";
import { BENCH_POLICY } from "./seed-bench-domains.ts";

type Input = { pki: BenchPki; names: number; folder: string };

const CONTENT_TYPE = "text/plain; charset=utf-8";

/** Caddy with every certificate loaded from its file, and a cache that holds them all. */
export async function planCaddy({ pki, names, folder }: Input): Promise<ServerPlan> {
  const port = await findPort(0, "127.0.0.1");
  const files = Array.from({ length: names }, (_, index) => ({
    certificate: pki.fileOf(index),
    key: pki.fileOf(index),
    format: "pem",
  }));
  const config = {
    admin: { disabled: true },
    logging: { logs: { default: { level: "ERROR" } } },
    apps: {
      http: {
        servers: {
          policy: {
            listen: [`127.0.0.1:${port}`],
            protocols: ["h1"],
            automatic_https: { disable: true },
            tls_connection_policies: [{ protocol_min: "tls1.2" }],
            strict_sni_host: true,
            routes: [
              {
                match: [{ path: ["/.well-known/mta-sts.txt"] }],
                handle: [
                  {
                    handler: "static_response",
                    status_code: 200,
                    headers: { "Content-Type": [CONTENT_TYPE] },
                    body: BENCH_POLICY.body,
                  },
                ],
              },
            ],
          },
        },
      },
      tls: {
        certificates: { load_files: files },
        // At its default of 10,000 the rest is dropped without a word.
        cache: { capacity: names + 100 },
        session_tickets: { disabled: true },
        automation: { policies: [{ disable_ocsp_stapling: true }] },
      },
    },
  };
  const path = join(folder, "caddy.json");
  await writeFile(path, JSON.stringify(config));
  return {
    name: "caddy",
    command: "caddy",
    args: ["run", "--config", path],
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    port,
  };
}

/** nginx with a server block for each name, two workers. */
export async function planNginx({ pki, names, folder }: Input): Promise<ServerPlan> {
  const port = await findPort(0, "127.0.0.1");
  const body = BENCH_POLICY.body.replaceAll("\r", "\\r").replaceAll("\n", "\\n");
  const blocks = Array.from(
    { length: names },
    (_, index) => `server { listen 127.0.0.1:${port} ssl; server_name ${benchHost(index)};
  ssl_certificate ${pki.fileOf(index)}; ssl_certificate_key ${pki.fileOf(index)};
  location = /.well-known/mta-sts.txt { default_type "${CONTENT_TYPE}"; return 200 "${body}"; } }`,
  );
  const config = `worker_processes 2;
daemon off;
pid ${join(folder, "nginx.pid")};
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${join(folder, "nginx-body")};
  proxy_temp_path ${join(folder, "nginx-proxy")};
  fastcgi_temp_path ${join(folder, "nginx-fastcgi")};
  uwsgi_temp_path ${join(folder, "nginx-uwsgi")};
  scgi_temp_path ${join(folder, "nginx-scgi")};
  server_names_hash_max_size 524288;
  server_names_hash_bucket_size 128;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ecdh_curve X25519:prime256v1:secp384r1;
  ssl_session_tickets off;
  server { listen 127.0.0.1:${port} ssl backlog=1024 default_server; ssl_reject_handshake on; }
  ${blocks.join("\n")}
}
`;
  const path = join(folder, "nginx.conf");
  await writeFile(path, config);
  return { name: "nginx", command: findNginx(), args: ["-e", "stderr", "-p", folder, "-c", path], port };
}

/** Debian keeps it where users other than root do not look. */
function findNginx(): string {
  return spawnSync("/usr/sbin/nginx", ["-v"]).status === 0 ? "/usr/sbin/nginx" : "nginx";
}
