import { type DatabaseTraits, explainUnsuitable } from "@waxseal/db";
import { loadSettings, SECRETS, SETTINGS, type SettingName, SettingsError } from "@waxseal/runtime";
import { type DoctorFinding, ok, wrong } from "./doctor-checks.ts";

const NAMES = Object.keys(SETTINGS) as SettingName[];
/** Names and addresses that RFC 2606 and RFC 5737 keep for examples, as in .env.example. */
const OF_EXAMPLES = /\bexample\.(net|com|org)\b|\b(192\.0\.2|198\.51\.100|203\.0\.113)\.\d|\b2001:db8:/i;
/** As the condition about clocks. */
const CLOCK_TOLERANCE_MS = 5_000;

/** Whether every setting that is given here can be read, and none has the value of .env.example. */
export function checkSettings(env: NodeJS.ProcessEnv): DoctorFinding[] {
  const about = "settings";
  const given = NAMES.filter((name) => env[name] || env[`${name}_FILE`]);
  const bad = given.flatMap((name) => {
    try {
      loadSettings(env, [name]);
      return [];
    } catch (error) {
      const text = error instanceof SettingsError ? error.message : `${name} cannot be read.`;
      return [wrong(about, text.replace("Bad settings:\n", "").trim(), "Correct it in .env or its file.")];
    }
  });
  const examples = given
    .filter((name) => !SECRETS.some((secret) => secret === name) && OF_EXAMPLES.test(env[name] ?? ""))
    .map((name) => wrong(about, `${name} has a value for examples: ${env[name]}.`, "Put your own there."));
  const findings = [...bad, ...examples];
  return findings.length > 0
    ? findings
    : [ok(about, `The ${given.length} settings that are set here can be read.`)];
}

/** Whether this machine's clock agrees with Postgres'. */
export function checkClock(ownMs: number, databaseMs: number): DoctorFinding {
  const seconds = Math.round(Math.abs(ownMs - databaseMs) / 1_000);
  if (Math.abs(ownMs - databaseMs) < CLOCK_TOLERANCE_MS)
    return ok("clocks", "The clocks of this machine and of Postgres agree.");
  const direction = ownMs > databaseMs ? "ahead of" : "behind";
  return wrong(
    "clocks",
    `This machine's clock is ${seconds} seconds ${direction} Postgres'.`,
    "Start NTP on both machines (timedatectl set-ntp true).",
  );
}

/** Whether the database's encoding, version and collation are right. */
export function checkDatabase(traits: DatabaseTraits): DoctorFinding {
  const about = "database";
  const unsuitable = explainUnsuitable(traits);
  if (unsuitable) return wrong(about, unsuitable, "Do that, then run `waxseal db migrate`.");
  const { name, version, encoding, collation } = traits;
  if (collation.built !== null && collation.used !== null && collation.built !== collation.used)
    return wrong(
      about,
      `The order of texts in this machine's libraries has changed (${collation.built} before, ${collation.used} now), as after an upgrade of the operating system: indexes of the database ${name} may miss rows.`,
      `Run \`reindex database ${name}\`, then \`alter database ${name} refresh collation version\`.`,
    );
  return ok(about, `The database ${name} is Postgres ${Math.floor(version / 10_000)} with ${encoding}.`);
}
