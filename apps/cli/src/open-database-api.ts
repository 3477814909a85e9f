import { hostname } from "node:os";
import type { Context } from "@waxseal/core";
import type { AssessDeps } from "@waxseal/core/policies";
import type { Domain } from "@waxseal/db";
import { createAddressGuard } from "@waxseal/probes";
import type { CustomerApi } from "./customer-api.ts";
import { asResponse, read, readPage } from "./database-answers.ts";
import { type Installation, loadProbing } from "./open-installation.ts";
import type { Terminal } from "./terminal.ts";

/**
 * The operations of customer commands on the database, as the operator. Each loads only the verbs that it needs: all of them take seconds.
 *
 * When a shape of the API changed, this compiles again once the types of the client are written again:
 * `npx vitest run apps/api/src/docs/client-types.test.ts -u`.
 */
export function openDatabaseApi(ctx: Context, installation: Installation, terminal: Terminal): CustomerApi {
  const parts = [
    domainOperations,
    policyOperations,
    accountOperations,
    alertOperations,
    monthlyOperations,
    fileOperations,
  ] as const;
  const [domains, policies, account, alerts, monthly, files] = parts;
  return {
    ...domains(ctx, installation),
    ...policies(ctx, terminal),
    ...account(ctx),
    ...alerts(ctx, installation),
    ...monthly(ctx, installation),
    ...files(ctx, installation),
  };
}

function domainOperations(ctx: Context, installation: Installation) {
  const show = async (row: Domain) => {
    const { presentDomain } = await import("@waxseal/core/domain-views");
    return presentDomain(ctx, row, installation.hosting());
  };
  const addDeps = async () => {
    const { checkDomainMx, findMailSign } = await import("@waxseal/core/domains");
    const resolver = installation.resolver();
    return {
      settings: installation.hosting(),
      lookUpMx: (text: string) => checkDomainMx(resolver, text),
      findMailSign: (text: string) => findMailSign(resolver, text),
    };
  };
  return {
    createDomain: async ({ body }) => {
      const { addNamedDomain } = await import("@waxseal/core/onboarding");
      return show(await addNamedDomain(ctx, body, await addDeps()));
    },
    addDomainsInBulk: async ({ body }) => {
      const { addDomains } = await import("@waxseal/core/onboarding");
      const { BulkAddBody } = await import("@waxseal/contract");
      return addDomains(ctx, read(BulkAddBody, body), await addDeps());
    },
    listDomains: async ({ query } = {}) => {
      const { listDomains } = await import("@waxseal/core/portfolio");
      const { DomainListQuery } = await import("@waxseal/contract");
      return listDomains(ctx, read(DomainListQuery, query));
    },
    getCustomersDomains: async ({ query } = {}) => {
      const { listPortfolio } = await import("@waxseal/core/portfolio");
      const { PortfolioQuery } = await import("@waxseal/contract");
      return listPortfolio(ctx, read(PortfolioQuery, query));
    },
    getDomain: async ({ path }) => {
      const { getDomain } = await import("@waxseal/core/domains");
      return show(await getDomain(ctx.db, ctx.accountId, path.id));
    },
    checkDomain: async ({ path }) => {
      const { checkDomain } = await import("@waxseal/core/onboarding");
      const deps = { resolver: installation.resolver(), settings: installation.hosting() };
      return show(await checkDomain(ctx, { domainId: path.id }, deps));
    },
    leaveDomain: async ({ path }) => {
      const { leaveDomain } = await import("@waxseal/core/onboarding");
      return show(await leaveDomain(ctx, { domainId: path.id }));
    },
    restoreDomain: async ({ path }) => {
      const { restoreDomain } = await import("@waxseal/core/onboarding");
      return show(await restoreDomain(ctx, { domainId: path.id }));
    },
    deleteDomain: async ({ path }) => {
      const { removeDomain } = await import("@waxseal/core/onboarding");
      await removeDomain(ctx, { domainId: path.id });
    },
  } satisfies Partial<CustomerApi>;
}

function policyOperations(ctx: Context, terminal: Terminal) {
  const openInterlock = async (): Promise<AssessDeps> => {
    const { createAssessDeps } = await import("@waxseal/core/policies");
    const { resolver, dnsServers, smtpPort: port, allowPrivate, caPem } = loadProbing(terminal);
    const guard = createAddressGuard({ allowPrivate });
    return createAssessDeps({ db: ctx.db, resolver, dnsServers, guard, caPem, port, heloName: hostname() });
  };
  return {
    setDomainPolicy: async ({ path, body }) => {
      const { presentPolicyVersion, setPolicy } = await import("@waxseal/core/policies");
      const version = await setPolicy(ctx, { ...body, domainId: path.id }, await openInterlock());
      return presentPolicyVersion(version, undefined);
    },
    assessDomainPolicy: async ({ path, body }) => {
      const { assessPolicyChange, presentAssessment, readPolicyForDomain } = await import(
        "@waxseal/core/policies"
      );
      const domainId = path.id;
      const policy = await readPolicyForDomain(ctx, { ...body, domainId });
      return presentAssessment(await assessPolicyChange(ctx, { domainId, policy }, await openInterlock()));
    },
    createPolicyChange: async ({ body }) => {
      const { preparePolicyChange } = await import("@waxseal/core/policy-changes");
      const { PolicyChangeBody } = await import("@waxseal/contract");
      return preparePolicyChange(ctx, read(PolicyChangeBody, body));
    },
    listPolicyChangeLines: async ({ path, query }) => {
      const { listPolicyLines } = await import("@waxseal/core/policy-changes");
      const { PolicyLineQuery } = await import("@waxseal/contract");
      return listPolicyLines(ctx, { changeId: path.id, ...read(PolicyLineQuery, query) });
    },
    continuePolicyChange: async ({ path, body }) => {
      const { continuePolicyChange } = await import("@waxseal/core/policy-changes");
      const { ContinueBody } = await import("@waxseal/contract");
      return continuePolicyChange(
        ctx,
        { changeId: path.id, ...read(ContinueBody, body) },
        await openInterlock(),
      );
    },
    stopPolicyChange: async ({ path }) => {
      const { stopPolicyChange } = await import("@waxseal/core/policy-changes");
      return stopPolicyChange(ctx, { changeId: path.id });
    },
  } satisfies Partial<CustomerApi>;
}

function accountOperations(ctx: Context) {
  return {
    listApiKeys: async ({ query } = {}) =>
      (await import("@waxseal/core/accounts")).listApiKeys(ctx, await readPage(query)),
    createApiKey: async ({ body }) => {
      const { createApiKey } = await import("@waxseal/core/accounts");
      const { ApiKeyBody } = await import("@waxseal/contract");
      return createApiKey(ctx, read(ApiKeyBody, body));
    },
    deleteApiKey: async ({ path }) => {
      await (await import("@waxseal/core/accounts")).deleteApiKey(ctx, { apiKeyId: path.id });
    },
    listCustomers: async ({ query } = {}) => {
      const { CustomerListQuery } = await import("@waxseal/contract");
      return (await import("@waxseal/core/portfolio")).listCustomers(ctx, read(CustomerListQuery, query));
    },
    createCustomer: async ({ body }) => {
      const { createCustomer } = await import("@waxseal/core/accounts");
      const { CustomerBody } = await import("@waxseal/contract");
      const { customer } = await createCustomer(ctx, read(CustomerBody, body));
      return (await import("@waxseal/core/portfolio")).getCustomer(ctx, { customerId: customer.id });
    },
    updateCustomer: async ({ path, body }) => {
      const { changeCustomer } = await import("@waxseal/core/accounts");
      const { CustomerChangeBody } = await import("@waxseal/contract");
      await changeCustomer(ctx, { customerId: path.id, ...read(CustomerChangeBody, body) });
      return (await import("@waxseal/core/portfolio")).getCustomer(ctx, { customerId: path.id });
    },
    getCustomersReports: async ({ query } = {}) => {
      const { CustomerReportsQuery } = await import("@waxseal/contract");
      const days = read(CustomerReportsQuery, query);
      return (await import("@waxseal/core/portfolio")).summarizeCustomers(ctx, days);
    },
    getAccountBrand: async () => (await import("@waxseal/core/brand")).getBrand(ctx),
    setAccountBrand: async ({ body }) => {
      const { getBrand, setBrand } = await import("@waxseal/core/brand");
      await setBrand(ctx, read((await import("@waxseal/contract")).BrandBody, body));
      return getBrand(ctx);
    },
    setAccountLogo: async ({ body }) => {
      const { getBrand, setLogo } = await import("@waxseal/core/brand");
      await setLogo(ctx, read((await import("@waxseal/contract")).LogoBody, body));
      return getBrand(ctx);
    },
    getAccountRetention: async () => (await import("@waxseal/core/reports")).getRetention(ctx),
    setAccountRetention: async ({ body }) => {
      const { getRetention, setRetention } = await import("@waxseal/core/reports");
      const { RetentionBody } = await import("@waxseal/contract");
      await setRetention(ctx, read(RetentionBody, body));
      return getRetention(ctx);
    },
  } satisfies Partial<CustomerApi>;
}

function alertOperations(ctx: Context, installation: Installation) {
  return {
    listIncidents: async ({ query } = {}) => {
      const { IncidentQuery } = await import("@waxseal/contract");
      return (await import("@waxseal/core/alerting")).listIncidents(ctx, read(IncidentQuery, query));
    },
    acknowledgeIncident: async ({ path }) =>
      (await import("@waxseal/core/alerting")).acknowledgeIncident(ctx, { incidentId: path.id }),
    snoozeIncident: async ({ path, body }) =>
      (await import("@waxseal/core/alerting")).snoozeIncident(ctx, { incidentId: path.id, ...body }),
    getDomainConditions: async ({ path, query }) => {
      const { getAlertExplanation } = await import("@waxseal/core/domain-views");
      return getAlertExplanation(ctx, { domainId: path.id, ...(await readPage(query)) });
    },
    listChannels: async ({ query } = {}) =>
      (await import("@waxseal/core/alerting")).listChannels(ctx, await readPage(query)),
    createChannel: async ({ body }) => {
      const { ChannelBody } = await import("@waxseal/contract");
      const { addChannel } = await import("@waxseal/core/alerting");
      return addChannel(ctx, installation.alerting(), read(ChannelBody, body));
    },
    testChannel: async ({ path }) => {
      const { tryChannel } = await import("@waxseal/core/alerting");
      return tryChannel(ctx, installation.alerting(), { channelId: path.id });
    },
    deleteChannel: async ({ path }) => {
      await (await import("@waxseal/core/alerting")).removeChannel(ctx, { channelId: path.id });
    },
  } satisfies Partial<CustomerApi>;
}

function monthlyOperations(ctx: Context, installation: Installation) {
  const verbs = () => import("@waxseal/core/portfolio");
  return {
    getMonthlyReport: async ({ query } = {}) => {
      const { MonthlyReportQuery } = await import("@waxseal/contract");
      return (await verbs()).getMonthlyReport(ctx, read(MonthlyReportQuery, query));
    },
    getMonthlyReportExport: async ({ query } = {}) => {
      const { MonthlyReportExportQuery } = await import("@waxseal/contract");
      const { exportMonthlyReport } = await verbs();
      return asResponse(await exportMonthlyReport(ctx, read(MonthlyReportExportQuery, query)));
    },
    listMonthlyReportRecipients: async () => (await verbs()).listMonthlyRecipients(ctx),
    createMonthlyReportRecipient: async ({ body }) => {
      const { MonthlyRecipientBody } = await import("@waxseal/contract");
      const { addMonthlyRecipient } = await verbs();
      return addMonthlyRecipient(ctx, installation.alerting(), read(MonthlyRecipientBody, body));
    },
    deleteMonthlyReportRecipient: async ({ path }) => {
      await (await verbs()).removeMonthlyRecipient(ctx, { id: path.id });
    },
    setMonthlyReportCustomers: async ({ body }) => {
      const { MonthlyToCustomersBody } = await import("@waxseal/contract");
      return (await verbs()).setMonthlyToCustomers(ctx, read(MonthlyToCustomersBody, body));
    },
  } satisfies Partial<CustomerApi>;
}

function fileOperations(ctx: Context, installation: Installation) {
  return {
    getInstructions: async ({ query } = {}) => {
      const { InstructionQuery } = await import("@waxseal/contract");
      const { listInstructions } = await import("@waxseal/core/instructions");
      return listInstructions(ctx, read(InstructionQuery, query), installation.hosting());
    },
    getInstructionsExport: async ({ query }) => {
      const { InstructionExportQuery } = await import("@waxseal/contract");
      const { exportInstructions } = await import("@waxseal/core/instructions");
      return asResponse(
        await exportInstructions(ctx, read(InstructionExportQuery, query), installation.hosting()),
      );
    },
    getAccountExport: async () =>
      asResponse(await (await import("@waxseal/core/closing")).exportAccount(ctx)),
    getEventsExport: async ({ query } = {}) => {
      const { EventExportQuery } = await import("@waxseal/contract");
      const { exportEvents } = await import("@waxseal/core/audit");
      return asResponse(await exportEvents(ctx, read(EventExportQuery, query)));
    },
    getTlsReportsExport: async ({ query } = {}) => {
      const { ReportExportQuery } = await import("@waxseal/contract");
      const { exportReports } = await import("@waxseal/core/reports");
      return asResponse(await exportReports(ctx, read(ReportExportQuery, query)));
    },
    reparseQuarantine: async ({ body } = {}) => {
      const { createDkimKeyLookUp, reparseQuarantine } = await import("@waxseal/core/reports");
      const { ReparseQuarantineBody } = await import("@waxseal/contract");
      const lookUpKey = createDkimKeyLookUp(installation.resolver());
      return reparseQuarantine(ctx, read(ReparseQuarantineBody, body), { lookUpKey });
    },
  } satisfies Partial<CustomerApi>;
}
