import Fastify, { type FastifyInstance } from "fastify";
import { z } from "zod";
import { CUSTOMER_RECORD_TYPES } from "./customer-record.ts";
import { mxRecords, type RecordInput, SandboxRefusal, type ZoneStore } from "./open-zone-store.ts";
import type { AcmeCa } from "./start-acme-ca.ts";
import type { CustomerDns } from "./start-customer-dns.ts";
import type { MailCatcher } from "./start-mail-catcher.ts";
import { MX_FAULTS, type ReceivingMx } from "./start-receiving-mx.ts";
import type { SandboxStep, SendingMta } from "./start-sending-mta.ts";

const Domain = z.string().min(3).max(253);
const RecordKey = z.object({ name: z.string().max(254), type: z.enum(CUSTOMER_RECORD_TYPES) });
const RecordBody = RecordKey.extend({
  value: z.string().max(4_096),
  ttlSeconds: z.number().int().min(0).max(86_400).optional(),
});
const Records = z.union([
  z.object({ records: z.array(RecordBody).min(1).max(100) }).transform(({ records }) => records),
  RecordBody.transform((record) => [record]),
]);
const Publish = z.object({ domain: Domain, records: z.array(RecordBody).min(1).max(100) });
const Unpublish = z.object({ domain: Domain, records: z.array(RecordKey).min(1).max(100) });
const Mx = z.object({
  labels: z
    .array(z.string().regex(/^[a-z0-9-]{1,40}$/))
    .min(1)
    .max(10),
});
const Fault = z.object({ mxHost: Domain, fault: z.enum(MX_FAULTS).nullable() });
const Silence = z.object({ domain: Domain, sender: z.string().max(253), isSilent: z.boolean() });
const Deliver = z.object({
  domain: Domain,
  count: z.number().int().min(1).max(50).optional(),
  sender: z.string().max(253).optional(),
  reports: z.boolean().default(true),
});

/** The parts that the API steers; an absent one is off. */
export type ControlDeps = {
  dns: CustomerDns | undefined;
  ca: AcmeCa | undefined;
  mx: ReceivingMx;
  catcher: MailCatcher | undefined;
  mta: SendingMta | undefined;
  /** `publish` makes the domain when it does not exist yet. */
  autoZones: boolean;
};

/**
 * Starts the HTTP API by which the dashboard's sandbox buttons and tests steer the sandbox.
 *
 * JSON on 127.0.0.1, without sign-in; it answers only to the host names of
 * loopback and sends no CORS headers, so that no web page can reach it. A refusal is 422 with `{error}`.
 */
export async function startControlApi(
  options: ControlDeps & { port: number },
): Promise<{ port: number; url: string; stop(): Promise<void> }> {
  const app = Fastify({ bodyLimit: 256 * 1024 });
  app.addHook("onRequest", async (request, reply) => {
    // A page of a name that was rebound to 127.0.0.1 still sends its own name as Host.
    if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.host)) {
      return reply.code(421).send({ error: "this is the sandbox of 127.0.0.1" });
    }
  });
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof SandboxRefusal) return reply.code(422).send({ error: error.message });
    if (error instanceof z.ZodError) return reply.code(400).send({ error: z.prettifyError(error) });
    const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
    return reply
      .code(status)
      .send({ error: status < 500 && error instanceof Error ? error.message : "failed" });
  });
  statusRoutes(app, options);
  zoneRoutes(app, options);
  playRoutes(app, options);
  await app.listen({ port: options.port, host: "127.0.0.1" });
  const address = app.server.address();
  if (!address || typeof address === "string") throw new Error("the control API does not listen");
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

function statusRoutes(app: FastifyInstance, { dns, ca, mx, catcher, mta }: ControlDeps): void {
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/status", async () => ({
    dns: dns ? { server: dns.dnsServer, domains: dns.zones.list().map(({ domain }) => domain) } : null,
    acme: ca ? { directoryUrl: ca.directoryUrl, rootFile: ca.rootFile } : null,
    mail: catcher ? { smtpUrl: catcher.smtpUrl, inboxUrl: catcher.inboxUrl } : null,
    mx: { port: mx.port, deliveries: mx.deliveries.length },
    senders: (mta?.senders ?? []).map(({ domain, organizationName }) => ({ domain, organizationName })),
  }));
  app.post("/acme/renew", async () => {
    if (!ca) throw new SandboxRefusal("The sandbox CA is off.");
    ca.askForRenewal();
    return { ok: true };
  });
}

type WithDomain = { Params: { domain: string } };

function zoneRoutes(app: FastifyInstance, deps: ControlDeps): void {
  app.get("/zones", async () => ({ zones: zonesOf(deps).list() }));
  app.post("/zones", async (request, reply) =>
    reply
      .code(201)
      .send(await zonesOf(deps).createZone(z.object({ domain: Domain }).parse(request.body).domain)),
  );
  app.put<WithDomain>("/zones/:domain", async (request) => zonesOf(deps).createZone(request.params.domain));
  app.put<WithDomain>("/zones/:domain/records", async (request) =>
    zonesOf(deps).setRecords(request.params.domain, Records.parse(request.body)),
  );
  app.put<WithDomain>("/zones/:domain/mx", async (request) =>
    zonesOf(deps).setRecords(
      request.params.domain,
      mxRecords(request.params.domain, Mx.parse(request.body).labels),
    ),
  );
  app.delete<WithDomain>("/zones/:domain/records", async (request) => {
    const { records } = Unpublish.omit({ domain: true }).parse(request.body);
    return zonesOf(deps).removeRecords(request.params.domain, records);
  });
  app.delete<WithDomain>("/zones/:domain", async (request, reply) => {
    await zonesOf(deps).deleteZone(request.params.domain);
    return reply.code(204).send();
  });
}

function playRoutes(app: FastifyInstance, deps: ControlDeps): void {
  app.post("/publish", async (request) => {
    const { domain, records } = Publish.parse(request.body);
    const zone = await zoneOf(deps, domain);
    await zonesOf(deps).setRecords(zone, records);
    return { steps: records.map((record) => dnsStep(`${describe(record)} ${record.value} published`)) };
  });
  app.post("/unpublish", async (request) => {
    const { domain, records } = Unpublish.parse(request.body);
    await zonesOf(deps).removeRecords(await zoneOf(deps, domain), records);
    return { steps: records.map((record) => dnsStep(`${describe(record)} removed`)) };
  });
  app.post("/mx-fault", async (request) => {
    const { mxHost, fault } = Fault.parse(request.body);
    deps.mx.setFault(mxHost, fault ?? undefined);
    const text = fault ? `${mxHost} ${FAULT_WORDS[fault]}` : `${mxHost} has a good certificate again`;
    return { steps: [{ at: new Date().toISOString(), who: "Mail host", text, ok: true }] };
  });
  app.post("/silence", async (request) => {
    if (!deps.mta) throw new SandboxRefusal("The sandbox senders are off, because real DNS is in use.");
    return { steps: await deps.mta.silence(Silence.parse(request.body)) };
  });
  app.post("/deliver", async (request) => {
    const { reports, ...what } = Deliver.parse(request.body);
    if (!deps.mta) throw new SandboxRefusal("The sandbox senders are off, because real DNS is in use.");
    const delivered = await deps.mta.deliver(what);
    const reported = reports ? await deps.mta.sendReports(what) : [];
    return { steps: [...delivered, ...reported] };
  });
}

const FAULT_WORDS = {
  expired: "presents an expired certificate now",
  selfsigned: "presents a certificate now that no sender trusts",
  wrongname: "presents the certificate of another host now",
};

function zonesOf({ dns }: ControlDeps): ZoneStore {
  if (!dns) throw new SandboxRefusal("The sandbox DNS is off, because real DNS is in use.");
  return dns.zones;
}

async function zoneOf(deps: ControlDeps, domain: string): Promise<string> {
  const zones = zonesOf(deps);
  const existing = zones.findZone(domain.toLowerCase().replace(/\.$/, ""));
  if (existing) return existing.domain;
  if (!deps.autoZones) throw new SandboxRefusal(`There is no sandbox domain ${domain}.`);
  return (await zones.createZone(domain)).domain;
}

function dnsStep(text: string): SandboxStep {
  return { at: new Date().toISOString(), who: "Sandbox DNS", text, ok: true };
}

function describe({ name, type }: Pick<RecordInput, "name" | "type">): string {
  return `${name} ${type}`;
}
