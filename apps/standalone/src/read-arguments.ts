import { join } from "node:path";
import { parseArgs } from "node:util";

/** What `npm start` was asked for. With an `answer` nothing starts: it is printed, and the process ends with its status. */
export type StandaloneArguments = {
  readonly dataDir: string;
  /** Start without demo account and demo data. */
  readonly empty: boolean;
  readonly answer: { stream: "stdout" | "stderr"; text: string; status: 0 | 2 } | undefined;
};

const HELP = `Starts all of Waxseal on this machine: Postgres, API, dashboard, DNS, policy server, report intake, and a
sandbox internet with demo data.

  npm start                            on http://localhost:3000
  npm start -- --empty                 without demo account and demo data
  npm start -- --data-dir /srv/waxseal with its data there; .waxseal in this folder unless given
  PORT=8080 npm start                  on another port; .env.example lists all settings

Ctrl+C stops everything. The data stays.
`;

/** Reads the arguments of `npm start`. Never throws. */
export function readArguments(argv: readonly string[], cwd: string): StandaloneArguments {
  const defaults = { dataDir: join(cwd, ".waxseal"), empty: false };
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        empty: { type: "boolean", default: defaults.empty },
        "data-dir": { type: "string", default: defaults.dataDir },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const answer = values.help ? ({ stream: "stdout", text: HELP, status: 0 } as const) : undefined;
    return { dataDir: values["data-dir"], empty: values.empty, answer };
  } catch {
    const text = `These arguments are not known: ${argv.join(" ").slice(0, 200)}\n\n${HELP}`;
    return { ...defaults, answer: { stream: "stderr", text, status: 2 } };
  }
}
