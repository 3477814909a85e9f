import { DEMO_EMAIL, DEMO_PASSWORD } from "./seed-demo.ts";

type Welcome = {
  env: Record<string, string>;
  readyAfterMs: number;
  demo: boolean;
  dataDir: string;
};

/** What a newcomer reads once everything runs. */
export function printWelcome({ env, readyAfterMs, demo, dataDir }: Welcome): void {
  const sandbox = Boolean(env.SANDBOX_URL);
  const rows: [string, string | undefined][] = [
    ["Dashboard", env.PUBLIC_URL],
    ["API", `${env.PUBLIC_URL}/api/docs`],
    ["Mails", env.SANDBOX_MAIL_URL],
    ["Policies", `https://127.0.0.1:${env.POLICY_HTTPS_PORT} (by SNI)`],
    ["DNS", `127.0.0.1:${env.DNS_PORT} for ${env.HOSTED_ZONE}`],
    ["Reports", `smtp 127.0.0.1:${env.INGEST_SMTP_PORT}, https 127.0.0.1:${env.INGEST_HTTPS_PORT}`],
    ["Data", dataDir],
  ];
  const lines = [
    "",
    `  Waxseal is ready (${(readyAfterMs / 1000).toFixed(1)} s)`,
    "",
    ...rows.filter(([, value]) => value).map(([name, value]) => `  ${name.padEnd(10)} ${value}`),
    ...(demo ? ["", `  Sign in    ${DEMO_EMAIL} / ${DEMO_PASSWORD}   (demo account, demo data)`] : []),
    "",
    "  Try next",
    ...nextSteps(sandbox, demo),
    "",
    "  Ctrl-C stops everything. Your data stays.",
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function nextSteps(sandbox: boolean, demo: boolean): string[] {
  const first = demo
    ? "  1. Sign in with the demo account and open Reports: per result and per sending source."
    : "  1. Open the dashboard and sign up; the verification mail is under Mails.";
  if (!sandbox) {
    return [
      first,
      "  2. Add your domain and publish the three CNAMEs it shows you.",
      "  3. Watch it become active, then read the reports senders send you.",
    ];
  }
  return [
    first,
    '  2. Add a domain such as orchard.example, press "Publish these records" (sandbox) and watch it become active.',
    '  3. On its page press "Let a sender deliver mail" (sandbox), then read the report it sent.',
  ];
}
