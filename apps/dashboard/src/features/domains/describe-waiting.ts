import type { DomainView } from "../../api/contract.ts";

type Record = Pick<DomainView["setup"][number], "name" | "state">;
type Waiting = { setup: readonly Record[] } & Pick<DomainView, "publishHold"> & {
    health: Pick<DomainView["health"], "state">;
  };
type Words = { tone: "waiting" | "working" | "notice"; title: string; detail: string };

/** What a domain that is being set up waits for, and how long that takes. */
export function describeWaiting({ setup, publishHold, health }: Waiting): Words {
  const open = setup.filter(({ state }) => state !== "correct");
  const wrong = open.filter(({ state }) => state === "wrong");
  if (open.length === 0 && (publishHold !== null || health.state === "needs-action")) {
    return {
      tone: "notice",
      title: publishHold
        ? "All records are in place, but the policy is held back"
        : "All records are in place, but something is in the way",
      detail: "What is in the way is marked under Progress.",
    };
  }
  if (open.length === 0) {
    return {
      tone: "working",
      title: "All records are in place: we order the certificate and publish the policy",
      detail: "Usually within a minute. You need to do nothing.",
    };
  }
  if (wrong.length > 0) {
    return {
      tone: "notice",
      title: `Correct ${listNames(wrong)}`,
      detail: "It points elsewhere. The target to enter is below.",
    };
  }
  const done = setup.length - open.length;
  return {
    tone: "waiting",
    title:
      done === 0
        ? "Waiting for the three records"
        : `${done} of ${setup.length} found. Waiting for ${listNames(open)}`,
    detail: "New records are usually visible within minutes; some providers take an hour. We keep looking.",
  };
}

function listNames(records: readonly Record[]): string {
  return records.map(({ name }) => name).join(" and ");
}
