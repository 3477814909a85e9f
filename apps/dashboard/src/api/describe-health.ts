import type { Tone } from "../ui/Status.tsx";
import type { DomainSummaryView } from "./contract.ts";

type Row = Pick<DomainSummaryView, "status" | "problem" | "health">;

/** How a domain is doing as a word and a shape, the same on every list and page. */
export function describeHealth({ status, problem, health }: Row): { tone: Tone; word: string } {
  if (status === "left") return { tone: "idle", word: "Off" };
  if (status === "leaving") return { tone: "working", word: "Turning off" };
  if (health.state === "mail-failing") return { tone: "bad", word: "Mail failing" };
  if (health.state === "at-risk") return { tone: "notice", word: "At risk" };
  if (status === "pending") {
    if (problem) return { tone: "notice", word: "Setup stuck" };
    return health.state === "waiting"
      ? { tone: "idle", word: "Waiting for DNS" }
      : { tone: "working", word: "Setting up" };
  }
  return problem ? { tone: "bad", word: "Needs attention" } : { tone: "good", word: "Good" };
}
