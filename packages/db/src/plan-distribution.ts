import { REPORT_TABLES } from "./report-tables.ts";

/** What is known of a database whose tables are to be distributed. */
export type DistributionFacts = {
  /** Version of Citus; null when the database does not have the extension. */
  version: string | null;
  missingTables: readonly string[];
  /** Unique indexes that do not hold `account_id`. */
  keysWithoutAccount: readonly string[];
  /** Other clients that are connected. */
  connections: number;
  /** Nodes that take rows. */
  nodes: number;
  /** Nodes that refuse triggers on distributed tables. */
  nodesWithoutTriggers: number;
  /** Enums that a text can be cast to. */
  casts: readonly string[];
  /** Tables that are distributed. */
  distributed: readonly string[];
  /** Functions that every node has. */
  functions: readonly string[];
  /** Bodies of the functions of triggers, by name. */
  marking: ReadonlyMap<string, string>;
  /** By table. */
  rows: ReadonlyMap<string, number>;
};

/** One step: what it is about, for people, and its SQL. */
export type DistributionStep = { text: string; statements: string[] };

/** Citus sends texts to its nodes, which have to become values of these types there. */
export const ENUMS: readonly string[] = ["report_transport", "report_message_state", "report_trust"];

/** Functions that queries call on the nodes. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  failure_cluster: "failure_cluster(text, text, text, text)",
};

/** The oldest major version that this was tried with. */
const OLDEST_MAJOR = 13;

/** What has to be done before tables can be distributed, a sentence each, and the steps that are left to distribute them. */
export function planDistribution(facts: DistributionFacts): {
  problems: string[];
  steps: DistributionStep[];
} {
  const problems = findProblems(facts);
  if (problems.length > 0) return { problems, steps: [] };
  return { problems, steps: [...castSteps(facts), ...tableSteps(facts), ...functionSteps(facts)] };
}

function findProblems(facts: DistributionFacts): string[] {
  if (facts.version === null)
    return [
      "This database does not have the Citus extension. Install Citus on every node, add it to shared_preload_libraries, restart Postgres, and run: create extension citus_columnar; create extension citus",
    ];
  const checks: readonly [boolean, string][] = [
    [
      Number.parseInt(facts.version, 10) < OLDEST_MAJOR,
      `Citus ${facts.version} is too old. Upgrade to Citus ${OLDEST_MAJOR} or newer.`,
    ],
    [
      facts.missingTables.length > 0,
      `The schema is not complete: ${facts.missingTables.join(", ")} missing. Run first: waxseal db migrate`,
    ],
    [
      facts.nodes === 0,
      "No node of this cluster stores rows. Add the workers first: select citus_add_node('<host>', 5432)",
    ],
    [
      facts.nodesWithoutTriggers > 0,
      "Citus refuses triggers on distributed tables. Set citus.enable_unsafe_triggers = on in postgresql.conf of every node, and reload them.",
    ],
    [
      facts.keysWithoutAccount.length > 0,
      `These unique indexes do not contain account_id: ${facts.keysWithoutAccount.join(", ")}. Remove them, or run: waxseal db migrate`,
    ],
    [
      facts.connections > 0,
      `${facts.connections} other connections use this database. Stop report-ingest, worker and api first; senders try again.`,
    ],
  ];
  return checks.filter(([isProblem]) => isProblem).map(([, text]) => text);
}

function castSteps({ casts }: DistributionFacts): DistributionStep[] {
  return ENUMS.filter((name) => !casts.includes(name)).map((name) => ({
    text: `Casts between text and ${name}`,
    statements: [
      `create or replace function text_${name}(text) returns ${name} immutable strict parallel safe language plpgsql
        as $$ begin return enum_in($1::cstring, '${name}'::regtype); end $$`,
      `create or replace function ${name}_text(${name}) returns text immutable strict parallel safe language plpgsql
        as $$ begin return enum_out($1)::text; end $$`,
      `create cast (${name} as text) with function ${name}_text(${name}) as assignment`,
      // Last: whether it is there says that the step was taken.
      `create cast (text as ${name}) with function text_${name}(text) as assignment`,
    ],
  }));
}

function tableSteps({ distributed, rows }: DistributionFacts): DistributionStep[] {
  return REPORT_TABLES.filter((name) => !distributed.includes(name)).map((name) => {
    const count = rows.get(name) ?? 0;
    return {
      text: `Table ${name} by account, ${count.toLocaleString("en")} rows`,
      statements: [
        `select create_distributed_table('public.${name}', 'account_id')`,
        // The rows are on the nodes; a copy that no query sees would stay on the coordinator.
        ...(count > 0 ? [`select truncate_local_data_after_distributing_table('public.${name}')`] : []),
      ],
    };
  });
}

function functionSteps({ functions, marking }: DistributionFacts): DistributionStep[] {
  const everywhere = Object.entries(FUNCTIONS)
    .filter(([name]) => !functions.includes(name))
    .map(([name, signature]) => ({
      text: `Function ${name} on every node`,
      statements: [`select create_distributed_function('public.${signature}')`],
    }));
  const rowByRow = Object.entries(MARKING)
    .filter(([name, body]) => marking.get(name) !== body)
    .map(([name, body]) => ({
      text: `Function ${name} for distributed tables`,
      statements: [
        `create or replace function public.${name}() returns trigger language plpgsql as $$${body}$$`,
      ],
    }));
  return [...everywhere, ...rowByRow];
}

/** A trigger on a node cannot insert into a distributed table what it selects from its transition table: it adds row by row. */
export const MARKING: Readonly<Record<string, string>> = {
  mark_unsettled_days: `
declare r record;
begin
  for r in select distinct account_id, report_day from changed loop
    insert into public.tls_unsettled_day (account_id, report_day) values (r.account_id, r.report_day);
  end loop;
  return null;
end `,
  mark_changed_domains: `
declare r record;
begin
  for r in select distinct account_id, domain_id from changed where trust = 'aligned' loop
    insert into public.tls_changed_domain (account_id, domain_id) values (r.account_id, r.domain_id);
  end loop;
  return null;
end `,
  mark_exchanged_domains: `
declare r record;
begin
  for r in select account_id, domain_id from changed where trust = 'aligned'
    union select account_id, domain_id from before where trust = 'aligned' loop
    insert into public.tls_changed_domain (account_id, domain_id) values (r.account_id, r.domain_id);
  end loop;
  return null;
end `,
};
