import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type AlertScene, createAlertScene } from "../../testing/create-alert-scene.ts";
import { getIncident, listIncidents } from "../alerting/list-incidents.ts";
import { reviewReceivers } from "../alerting/review-receivers.ts";
import { createContext } from "../context.ts";
import { getDigest } from "./get-digest.ts";
import { sendDigests } from "./send-digests.ts";

let database: TestDatabase;
let scene: AlertScene;
beforeAll(async () => {
  database = await createTestDatabase(inject("templateDatabaseUrl"));
  scene = createAlertScene(database.db);
});
afterAll(() => database.drop());

/** Everything of an account has its name in it, and all of them share one mail host. */
const NAMES = ["alder", "birch", "cedar", "dogwood"] as const;
type Name = (typeof NAMES)[number];
/** cedar and dogwood are customers of birch. */
const SEES: Record<Name, readonly Name[]> = {
  alder: ["alder"],
  birch: ["birch", "cedar", "dogwood"],
  cedar: ["cedar"],
  dogwood: ["dogwood"],
};
const HOST = "mx1.shared-hosting.test";

async function plant(name: Name, parentId?: string): Promise<string> {
  const accountId = await scene.addAccount({ name: `${name} ltd`, ...(parentId && { parentId }) });
  const userId = await scene.addMember(accountId);
  await scene.db.user.update({ where: { id: userId }, data: { email: `${name}@people.test`, name } });
  const seal = (url: string) => scene.deps.secretBox.seal(url);
  await scene.addChannel(accountId, {
    name: `${name} hook`,
    targetJwe: await seal(`https://${name}.test/hook`),
  });
  for (const kind of ["slack", "teams", "discord"])
    await scene.addChannel(accountId, {
      ...{ kind, name: `${name} ${kind}`, secretJwe: null },
      targetJwe: await seal(`https://${name}.test/${kind}`),
    });
  const gone = { kind: "slack", name: `${name} gone`, secretJwe: null, state: "disabled" };
  const targetJwe = await seal(`https://${name}.test/gone`);
  await scene.addChannel(accountId, { ...gone, targetJwe, failingSince: scene.now(), failures: 10 });
  return accountId;
}

/** One cause for all, one for each, and one about a channel that is not reached. */
async function happen(kind: "opened" | "resolved", accounts: ReadonlyMap<Name, string>): Promise<void> {
  const about = { subject: HOST, evidence: { mxHost: HOST, fault: "no-starttls" } };
  const alerts = [];
  for (const [name, accountId] of accounts) {
    const id = (place: number) => `0000000${place}-0000-7000-8000-${accountId.slice(-12)}`;
    alerts.push(await scene.alert(accountId, `${name}-mail.test`, { ...about, id: id(1) }));
    const record = { condition: "cname.missing", subject: `mta-sts.${name}-mail.test`, evidence: {} };
    alerts.push(await scene.alert(accountId, `${name}-mail.test`, { ...record, id: id(2) }));
  }
  const by = { at: scene.now(), actorKind: "user", actorId: "u", actorName: "u" };
  for (const { accountId, domainId } of alerts)
    await scene.db.event.create({ data: { ...by, accountId, domainId, kind: "domain.active" } });
  await scene.change(kind, ...alerts);
  await reviewReceivers(scene.deps);
  for (let minutes = 0; minutes < 6; minutes++) {
    scene.wait(1);
    await scene.send();
  }
}

const namesIn = (text: string) => NAMES.filter((name) => text.includes(name));

test("no mail, chat message, webhook, summary or incident names another account's domain, person or channel", async () => {
  const accounts = new Map<Name, string>([["alder", await plant("alder")]]);
  accounts.set("birch", await plant("birch"));
  for (const name of ["cedar", "dogwood"] as const)
    accounts.set(name, await plant(name, accounts.get("birch")));
  await happen("opened", accounts);
  await sendDigests(scene.deps);
  await happen("resolved", accounts);
  scene.wait(3 * 24 * 60);
  await sendDigests(scene.deps);
  for (const [name, accountId] of accounts) {
    const own = [`${name}@people.test`, `https://${name}.test/`];
    const mails = scene.mails.filter(({ to }) => to === own[0]);
    const requests = scene.requests.filter(({ url }) => url.startsWith(own[1] ?? ""));
    const ctx = createContext(scene, accountId, { kind: "user", id: name, name }, "viewer");
    const { items } = await listIncidents(ctx, { state: "all" });
    const details = await Promise.all(items.map(({ id }) => getIncident(ctx, { incidentId: id })));
    const pages = [...details, await getDigest(ctx, { period: "weekly" })];
    const said = [...mails, ...requests, ...pages].map((one) => JSON.stringify(one));
    // Of each kind there is something to look into.
    expect([name, mails.length > 3, requests.length > 6, items.length > 2]).toEqual([name, true, true, true]);
    const foreign = said.flatMap((text) => namesIn(text).filter((seen) => !SEES[name].includes(seen)));
    expect([name, foreign]).toEqual([name, []]);
    // What an account should see, it does.
    expect([
      name,
      SEES[name].filter((seen) => !said.some((text) => text.includes(`${seen}-mail.test`))),
    ]).toEqual([name, []]);
  }
});
