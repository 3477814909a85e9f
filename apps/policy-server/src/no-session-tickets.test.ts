import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { createTestAuthority } from "../testing/create-test-authority.ts";

const CONFIG = fileURLToPath(new URL("../openssl.cnf", import.meta.url));

/** Prints how many tickets a client has when it has its answer: they would have come before it. */
const SCRIPT = `
  import { connect, createServer } from "node:tls";
  const { keyPem, chainPem } = JSON.parse(process.env.ISSUED);
  const server = createServer({ key: keyPem, cert: chainPem }, (socket) => socket.on("data", () => socket.write("answer")));
  server.listen(0, "127.0.0.1", () => {
    let tickets = 0;
    const client = connect({ port: server.address().port, rejectUnauthorized: false }, () => client.write("question"));
    client.on("session", () => (tickets += 1));
    client.on("data", () => {
      console.log(client.getProtocol(), tickets);
      process.exit(0);
    });
  });
`;

let issued: string;

beforeAll(async () => {
  issued = JSON.stringify(await (await createTestAuthority()).issue("mta-sts.example.com"));
});

function countTickets(...nodeArgs: string[]): string {
  const args = [...nodeArgs, "--input-type=module", "-e", SCRIPT];
  return spawnSync(process.execPath, args, { encoding: "utf8", env: { ISSUED: issued } }).stdout.trim();
}

test("the OpenSSL settings that the policy server is started with leave out session tickets", () => {
  expect(countTickets()).toBe("TLSv1.3 2");
  expect(countTickets(`--openssl-config=${CONFIG}`)).toBe("TLSv1.3 0");
});

test("docker compose starts it with them, and with the same memory settings, as npm start does", () => {
  const [compose, standalone] = ["docker-compose.yml", "apps/standalone/src/app-process.ts"].map((path) => {
    const text = readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
    expect(text).toMatch(/--openssl-config=.{0,40}apps\/policy-server\/openssl\.cnf/);
    return text.match(/--max-[a-z-]+=\d+|glibc\.malloc\.[\w.:=]+/g);
  });
  expect(compose).toHaveLength(3);
  expect(compose).toEqual(standalone);
});
