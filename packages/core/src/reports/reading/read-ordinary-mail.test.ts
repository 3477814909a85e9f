import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import MimeNode from "nodemailer/lib/mime-node";
import { expect, test } from "vitest";
import {
  attached,
  BAD_MAILS,
  GOOD_MAILS,
  multipart,
  REPORT_FILE_NAME,
  REPORT_GZIP,
  REPORT_JSON,
} from "../../../testing/create-test-mails.ts";
import { testReportMail } from "../../../testing/create-test-report.ts";
import { readMailParts } from "./read-mail-parts.ts";
import { readOrdinaryMail } from "./read-ordinary-mail.ts";
import { unpackParts } from "./read-report-message.ts";
import { newUnpackBudget } from "./unpack-report.ts";

const fixtures = new URL("../../../../tls-rpt/fixtures/", import.meta.url);

/** As nodemailer, and so the sandbox and many senders, writes a report mail. */
async function composedMail(json: Buffer | string, fileName = REPORT_FILE_NAME): Promise<Buffer> {
  const root = new MimeNode('multipart/report; report-type="tlsrpt"', { newline: "win", baseBoundary: "b1" });
  root.setHeader([
    { key: "From", value: "Sender <a@sender.example>" },
    { key: "Subject", value: "Report" },
    { key: "Date", value: "Sun, 15 Mar 2026 06:00:00 +0000" },
    { key: "Message-ID", value: "<1@sender.example>" },
  ]);
  root.createChild("text/plain; charset=utf-8").setContent("This is an aggregate TLS report.\r\n");
  const part = root.createChild("application/tlsrpt+gzip", { filename: fileName });
  part.setHeader("Content-Transfer-Encoding", "base64");
  part.setContent(gzipSync(json));
  return root.build();
}

/** What either reader leads to; `undefined` when the fast one does not answer. */
async function compare(mail: Buffer): Promise<boolean> {
  const fast = readOrdinaryMail(mail);
  if (fast === undefined) return false;
  const full = await readMailParts(mail);
  expect(unpackParts(fast, newUnpackBudget())).toEqual(unpackParts(full, newUnpackBudget()));
  return true;
}

test("the mails that senders write are ordinary", async () => {
  expect(await compare(testReportMail(REPORT_JSON))).toBe(true);
  expect(await compare(await composedMail(REPORT_JSON))).toBe(true);
  expect(await compare(multipart([attached(REPORT_GZIP), attached(REPORT_GZIP)]))).toBe(true);
  expect(readOrdinaryMail(await composedMail(REPORT_JSON))).toMatchObject([{ fileName: REPORT_FILE_NAME }]);
});

test("both readers find the same in every odd mail, and in every report of the parser's fixtures", async () => {
  for (const mail of Object.values(GOOD_MAILS)) await compare(mail);
  for (const [, mail] of BAD_MAILS) await compare(mail);
  const names = await readdir(fixtures);
  expect(names.length).toBeGreaterThan(40);
  for (const name of names) {
    const bytes = await readFile(new URL(name, fixtures));
    expect(await compare(await composedMail(bytes, `${name}.gz`))).toBe(true);
  }
});

/** Repeatable, so that a failure can be looked at. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SNIPPETS = [
  ...[
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    " ",
    "\t",
    "--",
    "--b1",
    "--b1--",
    "\r\n--b1\r\n",
    "\r\n--b1--\r\n",
    "=",
    "{",
    '"',
    ";",
    ":",
    "*",
    "\0",
    "\xff",
  ],
  ...[
    "boundary=b2",
    "Content-Type: text/plain\r\n",
    "Content-Type: message/rfc822\r\n",
    "name*0=x;",
    'filename="y"',
  ],
  ...[
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "Content-Disposition: attachment\r\n",
    "charset=utf-16",
    "H4sI",
    "=?utf-8?q?x?=",
  ],
];

function mutate(mail: Buffer, random: (below: number) => number): Buffer {
  let text = mail.toString("latin1");
  for (let change = random(3); change >= 0; change--) {
    const at = random(text.length);
    const length = random(4) === 0 ? random(60) : random(3);
    const snippet = SNIPPETS[random(SNIPPETS.length)] ?? "";
    const lines = text.split("\r\n");
    if (random(4) === 0)
      lines.splice(random(lines.length), 1, ...(random(2) === 0 ? [lines[random(lines.length)] ?? ""] : []));
    text =
      random(3) === 0
        ? lines.join("\r\n")
        : text.slice(0, at) + (random(3) === 0 ? "" : snippet) + text.slice(at + length);
  }
  return Buffer.from(text, "latin1");
}

test("both readers find the same in thousands of damaged mails", async () => {
  const seeds = [
    testReportMail(REPORT_JSON),
    await composedMail(REPORT_JSON),
    multipart([attached(REPORT_GZIP), attached(REPORT_GZIP)]),
  ];
  const random = createRandom(20_260_315);
  let ordinary = 0;
  for (let round = 0; round < 15_000; round++) {
    const mail = mutate(seeds[round % seeds.length] ?? Buffer.alloc(0), random);
    try {
      if (await compare(mail)) ordinary++;
    } catch (error) {
      throw new Error(`round ${round}: ${JSON.stringify(mail.toString("latin1"))}`, { cause: error });
    }
  }
  expect(ordinary).toBeGreaterThan(500);
}, 60_000);
