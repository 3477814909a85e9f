import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findFreePort } from "@waxseal/runtime/find-free-port";
import { expect, test } from "vitest";
import { startTestStandalone, type TestStandalone } from "../e2e/start-test-standalone.ts";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("../monitoring", import.meta.url));
const rulesFile = join(folder, "waxseal.rules.yml");

/** Nothing has happened yet that these count, or Postgres' volume and Route 53 are not seen in a test. */
const NOT_YET =
  /^waxseal_(jobs_given_up_total|ca_budget_used_ratio|job_oldest_due_seconds|operator_conditions|dns_(drifted|silent)_names|ingest_volume_free_bytes|certificate_nearest_expiry_seconds|report_last_accepted_seconds|cron_overdue_seconds|reports_(declined|understood)_total|policy_(handshake_failures|answers)_total|dns_compared_timestamp_seconds|dns_(notifies|limited)_total|api_request_duration_seconds_count)$/;

test("promtool: every alert fires where it has to, and stays quiet where it must not fire", async () => {
  await run("promtool", ["check", "rules", rulesFile]);
  await run("promtool", ["test", "rules", join(folder, "waxseal.rules.test.yml")], { cwd: folder });
});

test("a real Prometheus scrapes every app, evaluates every rule, and knows the metrics they ask for", async () => {
  const waxseal = await startTestStandalone();
  const data = await mkdtemp(join(tmpdir(), "waxseal-prometheus-"));
  const port = await findFreePort();
  let prometheus: ChildProcess | undefined;
  try {
    const targets = await healthTargets(waxseal);
    expect(targets).toHaveLength(5);
    await writeFile(
      join(data, "prometheus.yml"),
      JSON.stringify({
        global: { scrape_interval: "1s", evaluation_interval: "1s" },
        rule_files: [rulesFile],
        scrape_configs: [{ job_name: "waxseal", static_configs: [{ targets }] }],
      }),
    );
    const args = ["config.file", "storage.tsdb.path", "web.listen-address"];
    const values = [join(data, "prometheus.yml"), join(data, "tsdb"), `127.0.0.1:${port}`];
    prometheus = spawn(
      "prometheus",
      args.map((name, place) => `--${name}=${values[place]}`),
      { stdio: "ignore" },
    );
    const ask = async (path: string) =>
      (await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json()) as { data: unknown };
    type Target = { health: string };
    await expect
      .poll(
        async () =>
          Object(await ask("targets").catch(() => ({}))).data?.activeTargets?.map(
            (one: Target) => one.health,
          ),
        {
          timeout: 60_000,
        },
      )
      .toEqual(Array(5).fill("up"));
    type Group = { rules: { health: string; query: string }[] };
    const rulesOf = async () =>
      Object((await ask("rules")).data).groups.flatMap((group: Group) => group.rules);
    await expect
      .poll(async () => new Set((await rulesOf()).map(({ health }: Group["rules"][number]) => health)), {
        timeout: 60_000,
      })
      .toEqual(new Set(["ok"]));
    const known = (await ask("label/__name__/values")).data as string[];
    const asked = [...(await readFile(rulesFile, "utf8")).matchAll(/\bwaxseal_\w+/g)].map(([name]) => name);
    expect(asked.filter((name) => !known.includes(name) && !NOT_YET.test(name))).toEqual([]);
  } finally {
    if (prometheus?.exitCode === null) {
      prometheus.kill("SIGKILL");
      await once(prometheus, "exit");
    }
    await waxseal.stop();
    await rm(data, { recursive: true, force: true });
  }
});

/** The health ports of the apps, as their own environment says. */
async function healthTargets(waxseal: TestStandalone): Promise<string[]> {
  const found: string[] = [];
  for (const pid of Object.values(waxseal.pids())) {
    const environment = pid === undefined ? "" : await readFile(`/proc/${pid}/environ`, "utf8");
    const [, healthPort = "0"] = /(?:^|\0)HEALTH_PORT=(\d+)/.exec(environment) ?? [];
    if (healthPort !== "0") found.push(`127.0.0.1:${healthPort}`);
  }
  return found;
}
