import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSecretFiles } from "./read-secret-files.ts";
import { loadSettings } from "./settings.ts";

const folder = mkdtempSync(join(tmpdir(), "waxseal-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test("passwords of Postgres and AWS come from the files that NAME_FILE names, with any character", () => {
  const password = "a/b+c$d'e\"f%41 g\\h#i@j:k";
  const env: NodeJS.ProcessEnv = {
    PGPASSWORD_FILE: put("pg", `${password}\n`),
    POSTGRES_API_PASSWORD_FILE: put("api", "other"),
    AWS_SECRET_ACCESS_KEY_FILE: put("aws", ""),
    ACME_CA_FILE: put("ca", "a path, not a secret"),
  };
  readSecretFiles(env);
  expect(env).toMatchObject({ PGPASSWORD: password, POSTGRES_API_PASSWORD: "other" });
  expect(Object.keys(env).filter((name) => !name.endsWith("_FILE"))).toEqual([
    "PGPASSWORD",
    "POSTGRES_API_PASSWORD",
  ]);
});

test("a secret whose file is missing is named in a sentence, without errno", () => {
  const read = () => readSecretFiles({ PGPASSWORD_FILE: join(folder, "missing") });
  expect(read).toThrow("The file that PGPASSWORD_FILE names does not exist.");
});

test("a setting whose file is empty counts as unset: optional ones are, needed ones are named", () => {
  const empty = put("empty", "\n");
  const load = () =>
    loadSettings({ DNS_TSIG_KEY_FILE: empty, ACME_EAB_HMAC_KEY_FILE: empty }, [
      "DNS_TSIG_KEY",
      "ACME_EAB_HMAC_KEY",
    ]);
  expect(load()).toEqual({});
  expect(() => loadSettings({ SMTP_URL_FILE: empty }, ["SMTP_URL"])).toThrow("SMTP_URL: is not set");
});
