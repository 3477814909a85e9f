// node onboard.mjs customers.csv: makes each customer and its domain, prints the CNAMEs, and waits until all domains are active.
import { readFileSync } from "node:fs";

const { WAXSEAL_URL, WAXSEAL_TOKEN } = process.env;
const lines = readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean);

async function ask(method, path, body, account) {
  const answer = await fetch(`${WAXSEAL_URL}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${WAXSEAL_TOKEN}`,
      ...(account && { "x-waxseal-account": account }),
      ...(body && { "content-type": "application/json" }),
    },
    body: body && JSON.stringify(body),
  });
  const json = await answer.json();
  if (answer.ok) return json;
  // The domain is there already: go on with it, so that the script can be repeated.
  if (json.reason === "domain_exists")
    return ask("GET", `/domains/${json.collidesWith.id}`, undefined, account);
  throw new Error(`${method} ${path}: ${json.detail}`);
}

let waiting = [];
for (const line of lines) {
  const [externalId, name, domain] = line.split(",").map((field) => field.trim());
  const customer = await ask("POST", "/customers", { name, externalId });
  const added = await ask("POST", "/domains", { domain }, customer.id);
  for (const record of added.setup) console.log(`${record.name}. CNAME ${record.target}.`);
  waiting.push({ ...added, account: customer.id });
}
while (waiting.length > 0) {
  const now = await Promise.all(
    waiting.map(({ id, account }) => ask("GET", `/domains/${id}`, undefined, account)),
  );
  for (const { domain, status } of now) if (status === "active") console.error(`${domain} is active`);
  waiting = waiting.filter((_, index) => now[index].status !== "active");
  if (waiting.length > 0) await new Promise((done) => setTimeout(done, 2_000));
}
