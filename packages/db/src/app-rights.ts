import type { ConfinedApp } from "./app-roles.ts";

/** A right on a whole table, or on some of its columns. */
type Grant = { may: string; columns?: string };

/** What an app may do. A table or column that is not listed is out of its reach, unless `others` gives it. */
export type AppRights = {
  tables: Readonly<Record<string, readonly Grant[]>>;
  /** On every table that `tables` does not name, also one that a later migration adds. */
  others?: string;
  sequences: readonly string[] | "all";
  functions: readonly string[];
  /** Whether it adds or runs jobs. */
  usesQueue: boolean;
};

const ALL = "select, insert, update, delete";
const WHOLE: readonly Grant[] = [{ may: ALL }];
const NONE: readonly Grant[] = [];

const only = (columns: string): readonly Grant[] => [{ may: "select", columns }];

const ofAccount = (columns: string): readonly Grant[] => [{ may: "delete" }, { may: "select", columns }];

/** Each process announces itself, and reports a wrong clock of its machine to the operator. */
const PROCESS: AppRights["tables"] = { serving_node: WHOLE, operator_condition: WHOLE };

const CHANGE_FEED = "serving_change_seq";
const ADD_PARTITIONS = "ensure_report_partitions(date)";

const CERTIFICATE = only("id, host, chain_pem, key_jwe, not_after, created_at");

/** What proves that a person is who they say. */
const SIGN_IN: AppRights["tables"] = {
  user: NONE,
  session: NONE,
  credential: NONE,
  two_factor: NONE,
  two_factor_reset: NONE,
  passkey: NONE,
  invitation: NONE,
  api_key: NONE,
  sso_identity: NONE,
  account_sso: NONE,
};

/** What each app reads and writes. */
export const RIGHTS: Readonly<Record<ConfinedApp, AppRights>> = {
  nameserver: {
    tables: {
      ...PROCESS,
      // It adds to the feed that its settings changed.
      serving_change: [{ may: "select, insert" }],
      domain_token: only("token, account_id, domain_id"),
      domain: only("account_id, id, status, published_version"),
      policy_version: only("account_id, domain_id, version, policy_id"),
      acme_account: only("account_url, caa_identities"),
    },
    sequences: [CHANGE_FEED],
    functions: [],
    usesQueue: false,
  },
  "policy-server": {
    tables: {
      ...PROCESS,
      serving_change: only("seq, kind, key, created_at"),
      domain_claim: only("domain, account_id, domain_id"),
      domain: only("account_id, id, status, served_version"),
      policy_version: only("account_id, domain_id, version, policy_id, mode, mx, max_age_seconds"),
      certificate: CERTIFICATE,
      // For the front, by the role of this app.
      brand_host: only("account_id, held_host"),
      acme_challenge: only("token, key_authorization, expires_at"),
      policy_fetch: [{ may: "select, insert, update" }],
      handshake_failure: [{ may: "select, insert, update" }],
      handshake_client: [{ may: "select, insert, update" }],
    },
    sequences: [],
    functions: [],
    usesQueue: false,
  },
  "report-ingest": {
    tables: {
      ...PROCESS,
      certificate: CERTIFICATE,
      account: only("id, parent_id, closing_at, created_at, quota_reports_a_day"),
      domain: [{ may: "select" }],
      domain_token: [{ may: "select" }],
      domain_claim: [{ may: "select" }],
      policy_version: [{ may: "select" }],
      operator_mail: [{ may: "select, insert" }],
      event: [{ may: "select, insert" }],
      report_message: WHOLE,
      report_effect: WHOLE,
      report_recount: WHOLE,
      report_retention: [{ may: "select" }],
      reporter_signer: WHOLE,
      tls_report: WHOLE,
      tls_daily_sessions: WHOLE,
      tls_daily_failures: WHOLE,
      tls_unsettled_day: WHOLE,
      tls_changed_domain: [{ may: "insert" }],
    },
    sequences: ["tls_unsettled_day_id_seq", "tls_changed_domain_id_seq"],
    functions: [ADD_PARTITIONS],
    usesQueue: false,
  },
  worker: {
    tables: {
      ...SIGN_IN,
      // Alerts are mailed to them.
      user: only("id, name, email, email_verified"),
      // An account that closes takes these along.
      api_key: ofAccount("reference_id"),
      invitation: ofAccount("account_id"),
      sso_identity: ofAccount("account_id"),
      account_sso: ofAccount("account_id"),
      session: [
        ...ofAccount("sso_account_id, active_organization_id"),
        { may: "update", columns: "active_organization_id, updated_at" },
      ],
    },
    others: ALL,
    sequences: "all",
    functions: [ADD_PARTITIONS, "drop_report_partition(text)"],
    usesQueue: true,
  },
  api: {
    tables: {
      acme_account: only("account_url, caa_identities"),
      acme_challenge: NONE,
      operator_mail: NONE,
      operator_setting: [{ may: "select" }],
      // It queues mails; the worker sends them.
      outgoing_mail: [{ may: "select, insert" }],
    },
    others: ALL,
    sequences: "all",
    functions: [ADD_PARTITIONS],
    usesQueue: true,
  },
};
