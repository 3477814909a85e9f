import { randomBytes, randomUUID } from "node:crypto";
import type { Database } from "@waxseal/db";
import type { HttpsAnswer, HttpsRequest } from "@waxseal/probes";
import { MINUTE_MS } from "@waxseal/runtime/time-spans";
import type { AlertChange, ChangedAlert } from "../src/alerting/alert-change.ts";
import { recordAlertChanges } from "../src/alerting/record-alert-changes.ts";
import { type SendDeps, sendNotifications } from "../src/alerting/send-notifications.ts";
import { createBounceAddresses } from "../src/mail/bounce-address.ts";
import type { Mail } from "../src/mail/create-mailer.ts";
import { createSecretBox } from "../src/secret-box.ts";

/** Alerts of one installation with a stopped clock, and everything that was sent about them. */
export type AlertScene = {
  db: Database;
  deps: SendDeps;
  mails: Mail[];
  /** What channels were asked, oldest first. */
  requests: HttpsRequest[];
  /** What channels answer. */
  answer: (request: HttpsRequest) => HttpsAnswer | Promise<HttpsAnswer>;
  now(): Date;
  wait(minutes: number): void;
  addAccount(options?: { parentId?: string; name?: string }): Promise<string>;
  /** A member with a confirmed address; its id. */
  addMember(accountId: string, role?: string): Promise<string>;
  addChannel(accountId: string, data?: object): Promise<string>;
  /** An alert of a domain that is made for it unless `domain` was used before. */
  alert(accountId: string, domain: string, data?: Partial<ChangedAlert>): Promise<ChangedAlert>;
  change(kind: AlertChange["kind"], ...alerts: ChangedAlert[]): Promise<void>;
  /** Sends what is due. */
  send(): Promise<void>;
};

const SECRET_KEYS = `k:${Buffer.alloc(32, 7).toString("base64url")}`;
const OK: HttpsAnswer = { status: 200, body: "ok", bodyBytes: 2, headers: {} };
const EXPIRED = {
  mxHost: "mx1.example.com",
  fault: "certificate-expired",
  notAfter: "2026-04-30T00:00:00.000Z",
};

/** A scene on a database of its own. */
export function createAlertScene(db: Database): AlertScene {
  const secretBox = createSecretBox(SECRET_KEYS);
  let now = new Date("2026-05-01T12:00:00Z");
  const scene: AlertScene = {
    db,
    mails: [],
    requests: [],
    answer: () => OK,
    now: () => now,
    wait: (minutes) => {
      now = new Date(now.getTime() + minutes * MINUTE_MS);
    },
    deps: {
      db,
      now: () => now,
      secretBox,
      https: {
        send: async (request) => {
          scene.requests.push(request);
          return scene.answer(request);
        },
      },
      queueMail: async (_db, mail) => {
        scene.mails.push(mail);
      },
      publicUrl: "https://waxseal.example",
      mailDomain: "reports.example",
      bounces: createBounceAddresses(SECRET_KEYS, "reports.example"),
      onFailure: (error) => {
        throw error;
      },
    },
    addAccount: async ({ parentId, name = "Example" } = {}) => {
      const id = randomUUID();
      await db.organization.create({ data: { id, name, slug: id, parentId: parentId ?? null } });
      return id;
    },
    addMember: async (organizationId, role = "owner") => {
      const id = randomUUID();
      await db.user.create({ data: { id, name: role, email: `${id}@people.example`, emailVerified: true } });
      await db.member.create({ data: { id, organizationId, userId: id, role } });
      return id;
    },
    addChannel: async (accountId, data = {}) => {
      const secret = `whsec_${randomBytes(32).toString("base64")}`;
      const { id } = await db.channel.create({
        data: {
          ...{ accountId, kind: "webhook", name: "Hook", targetHint: "hooks.example", createdBy: "u" },
          ...{ createdAt: now, secretJwe: await secretBox.seal(secret) },
          targetJwe: await secretBox.seal("https://hooks.example/a"),
          ...data,
        },
      });
      return id;
    },
    alert: async (accountId, domain, data = {}) => {
      const known = await db.domain.findFirst({ where: { accountId, domain } });
      const token = randomBytes(8).toString("hex");
      const row = known ?? (await db.domain.create({ data: { accountId, domain, token, createdAt: now } }));
      const about = {
        condition: "mx.badTls",
        subject: "mx1.example.com",
        severity: "critical",
        evidence: EXPIRED,
      };
      return { accountId, id: randomUUID(), domainId: row.id, ...about, ...data };
    },
    change: (kind, ...alerts) =>
      db.$transaction((tx) =>
        recordAlertChanges(
          tx,
          alerts.map((alert) => ({ kind, alert, isKnown: false })),
          now,
        ),
      ),
    send: async () => {
      await sendNotifications(scene.deps);
    },
  };
  return scene;
}
