import { expect, test } from "vitest";
import { checkClock, checkDatabase, checkSettings } from "./doctor-settings.ts";

const good = {
  HOSTED_ZONE: "hosted.waxseal.dev",
  POLICY_ADDRESSES: "198.18.0.10",
  MAIL_FROM: "a@waxseal.dev",
};

test("doctor: settings that can be read are counted; one that cannot is named, with no value of a secret", () => {
  expect(checkSettings(good)).toEqual([
    { about: "settings", state: "ok", text: "The 3 settings that are set here can be read." },
  ]);
  const [finding] = checkSettings({ ...good, SMTP_URL: "mail.waxseal.dev password", HEALTH_PORT: "" });
  expect(finding).toMatchObject({
    state: "wrong",
    text: expect.stringMatching(/^SMTP_URL: /),
    fix: expect.any(String),
  });
  expect(JSON.stringify(finding)).not.toContain("password");
  expect(checkSettings({ SECRET_KEYS_FILE: "/nonexistent" })).toMatchObject([
    { state: "wrong", text: "SECRET_KEYS: the file that SECRET_KEYS_FILE names does not exist" },
  ]);
});

test.each([
  ["HOSTED_ZONE", "hosted.example.net"],
  ["POLICY_ADDRESSES", "198.18.0.10,2001:db8::10"],
  ["POLICY_ADDRESSES", "192.0.2.10"],
  ["MAIL_FROM", "Waxseal <no-reply@example.net>"],
])("doctor: %s that is still the example's %s is wrong", (name, value) => {
  expect(checkSettings({ ...good, [name]: value })).toMatchObject([
    { state: "wrong", text: `${name} has a value for examples: ${value}.` },
  ]);
});

test("doctor: a clock that differs from Postgres' by five seconds is wrong, in either direction", () => {
  const at = Date.UTC(2026, 4, 1);
  expect(checkClock(at + 4_900, at).state).toBe("ok");
  expect(checkClock(at + 6_000, at).text).toBe("This machine's clock is 6 seconds ahead of Postgres'.");
  expect(checkClock(at - 90_000, at)).toMatchObject({
    state: "wrong",
    text: expect.stringContaining("90 seconds behind"),
  });
});

test.each([
  ["SQL_ASCII", null, "wrong", "The database waxseal has the encoding SQL_ASCII."],
  ["UTF8", null, "ok", "The database waxseal is Postgres 15 with UTF8."],
  ["UTF8", "2.36", "ok", "The database waxseal is Postgres 15 with UTF8."],
  ["UTF8", "2.41", "wrong", "indexes of the database waxseal may miss rows"],
])("doctor: a database with %s whose order of texts is now %s is %s", (encoding, used, state, words) => {
  const collation = { built: used && "2.36", used };
  const traits = { name: "waxseal", version: 150008, encoding, hasIcu: true, collation };
  const finding = checkDatabase(traits);
  expect([finding.state, finding.text]).toEqual([state, expect.stringContaining(words)]);
});
