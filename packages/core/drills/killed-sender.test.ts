import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createTestDatabase } from "@waxseal/db/testing";
import { expect, inject, onTestFinished, test } from "vitest";
import type { ChangedAlert } from "../src/alerting/alert-change.ts";
import { recordAlertChanges } from "../src/alerting/record-alert-changes.ts";
import { createAlertScene } from "../testing/create-alert-scene.ts";

const SECONDS = Number(process.env.DRILL_SECONDS ?? 300);
const INCIDENTS = 200;
/** A channel gets at most twenty beginnings an hour. */
const ACCOUNTS = 20;
/** Of a minute of the sender's time, three seconds pass. */
const SPEED = 20;
/** Incidents that are open at a time. */
const IN_FLIGHT = 80;
/** The machine may be busy with other drills. */
const PATIENT = { maxWait: 60_000, timeout: 60_000 };
const SECRET_KEYS = `k:${Buffer.alloc(32, 7).toString("base64url")}`;

type Got = { id: string; type: string; incidentId: string };

test(
  "a sender that is killed again and again delivers every change at least once, with one id each, and no end without its beginning",
  async () => {
    const database = await createTestDatabase(inject("templateDatabaseUrl"));
    const scene = createAlertScene(database.db);
    const accounts: string[] = [];
    for (let count = 0; count < ACCOUNTS; count += 1) {
      const accountId = await scene.addAccount();
      await scene.addChannel(accountId);
      accounts.push(accountId);
    }
    const got: Got[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        const { type, data } = JSON.parse(body);
        got.push({ id: String(request.headers["webhook-id"]), type, incidentId: data.incident.id });
        response.end("ok");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const startMs = Date.now();
    const now = () => new Date(startMs + (Date.now() - startMs) * SPEED);
    const main = new URL("./send-notifications-main.ts", import.meta.url).pathname;
    const hookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const start = () =>
      spawn(process.execPath, [main, database.databaseUrl, hookUrl, SECRET_KEYS, `${startMs}`, `${SPEED}`], {
        stdio: "ignore",
      });
    let child: ChildProcess = start();
    let gotAtStart = 0;
    onTestFinished(async () => {
      child.kill("SIGKILL");
      server.close();
      await database.drop();
    });
    const change = (kind: "opened" | "resolved", alert: ChangedAlert) =>
      database.db.$transaction(
        (tx) => recordAlertChanges(tx, [{ kind, alert, isKnown: false }], now()),
        PATIENT,
      );

    const open: ChangedAlert[] = [];
    let [opened, kills] = [0, 0];
    while (Date.now() - startMs < SECONDS * 1_000 || opened < INCIDENTS) {
      if (opened < INCIDENTS) {
        const accountId = accounts[opened % ACCOUNTS] ?? "";
        const alert = await scene.alert(accountId, "example.com", { subject: `mx${opened}.example.com` });
        await change("opened", alert);
        open.push(alert);
        opened += 1;
      }
      if (open.length > IN_FLIGHT)
        await change("resolved", open.splice(Math.floor(open.length / 2), 1)[0] as ChangedAlert);
      await delay((SECONDS * 1_000) / INCIDENTS / 2);
      // In the middle of its work: it has sent something since it was started.
      if (got.length > gotAtStart && Math.random() < 0.4) {
        child.kill("SIGKILL");
        await once(child, "exit");
        kills += 1;
        gotAtStart = got.length;
        child = start();
      }
    }
    for (const alert of open) await change("resolved", alert);
    const waiting = () =>
      database.db.notification.count({
        where: { state: { in: ["waiting", "sending"] }, kind: { not: "reminder" } },
      });
    await expect.poll(waiting, { timeout: 240_000, interval: 1_000 }).toBe(0);

    const sent = await database.db.notification.findMany({ where: { state: "sent" } });
    const unsent = sent.filter(({ id }) => !got.some((one) => one.id === id)).map(({ kind }) => kind);
    expect(unsent).toEqual([]);
    for (const [incidentId, own] of Map.groupBy(got, (one) => one.incidentId)) {
      const idsOf = (type: string) =>
        new Set(own.filter((one) => one.type === type).map(({ id }) => id)).size;
      expect([incidentId, idsOf("incident.opened"), idsOf("incident.resolved")]).toEqual([incidentId, 1, 1]);
      expect(own[0]?.type).toBe("incident.opened");
    }
    const begun = new Set(got.map((one) => one.incidentId)).size;
    // What was over before it could be sent is dropped; everything else arrived.
    const dropped = await database.db.notification.count({ where: { state: "dropped", kind: "opened" } });
    expect(begun + dropped).toBe(INCIDENTS);
    expect(begun).toBeGreaterThan(INCIDENTS / 4);
    const twice = got.length - new Set(got.map(({ id }) => id)).size;
    console.info({ incidents: opened, kills, requests: got.length, repeated: twice, dropped });
  },
  SECONDS * 1_000 + 300_000,
);
