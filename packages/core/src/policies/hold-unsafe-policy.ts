import type { UnsafeCode } from "@waxseal/contract";
import type { Domain, PolicyAssessment, PolicyVersion } from "@waxseal/db";
import { isPolicyMode } from "@waxseal/mta-sts";
import { HOUR_MS, MINUTE_MS } from "@waxseal/runtime/time-spans";
import { AppError } from "../app-error.ts";
import type { Context } from "../context.ts";
import { readStoredMx, sortedHosts } from "../domains/read-mx-hosts.ts";
import type { UnsafeReason } from "../judging/assess-policy.ts";
import { type AssessDeps, assessPolicyChange, readReasons } from "./assess-policy-change.ts";
import { findCreation } from "./follow-mx.ts";

/** What was seen when an owner set a policy is not relied on for longer. */
const STALE_MS = HOUR_MS;
/** Tries that follow one another quickly do not connect to the mail hosts each time. */
const LOOK_AGAIN_MS = 2 * MINUTE_MS;

/**
 * Looks at a version before its id is published, when it enforces and was never published or was set over an hour ago. Returns what was
 * seen; undefined where nothing has to be looked at.
 *
 * @throws PolicyHeld – what is seen now holds mail back in a way its owner has not acknowledged
 *
 * RFC 8461 §5, §8.1
 */
export async function holdUnsafe(
  ctx: Context,
  domain: Domain,
  version: PolicyVersion,
  deps: AssessDeps,
): Promise<PolicyAssessment | undefined> {
  const { mode, mx, maxAgeSeconds } = version;
  if (mode !== "enforce" || !isPolicyMode(mode)) return undefined;
  const isOld = ctx.now().getTime() - version.createdAt.getTime() >= STALE_MS;
  if (domain.publishedVersion !== null && !isOld) return undefined;
  const { accountId, id: domainId } = domain;
  const recent = await ctx.db.policyAssessment.findFirst({
    where: {
      accountId,
      domainId,
      newestVersion: version.version,
      mxHosts: { equals: sortedHosts(readStoredMx(domain.mxHosts)) },
      policy: { equals: { mode, mx, maxAgeSeconds } },
      lookedAt: { gt: new Date(ctx.now().getTime() - LOOK_AGAIN_MS) },
    },
    orderBy: { lookedAt: "desc" },
  });
  const policy = { mode, mx, maxAgeSeconds };
  const assessment = recent ?? (await assessPolicyChange(ctx, { domainId, policy }, deps));
  const stops = readReasons(assessment.reasons).filter(({ level }) => level === "stop");
  const created = stops.length > 0 ? await findCreation(ctx.db, domain, version.version) : undefined;
  const [worst, ...others] = listUnacknowledged(stops, created ?? {});
  if (worst) throw new PolicyHeld([worst, ...others]);
  return assessment;
}

/**
 * The reasons that stop a version and that its owner has not acknowledged, by what the event of the version says. Versions from before
 * reasons had names acknowledge the uncovered MX hosts that their event lists.
 */
export function listUnacknowledged<Reason extends Pick<UnsafeReason, "code" | "mxHost">>(
  stops: readonly Reason[],
  created: Readonly<Record<string, unknown>>,
): Reason[] {
  const read = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const uncovered = read(created.uncoveredMxHosts);
  const known = new Set([
    ...read(created.acknowledgedFor),
    ...uncovered.map((mxHost) => acknowledgedKey({ code: "mx-uncovered", mxHost })),
    ...(uncovered.length > 0 ? ["mx-all-uncovered"] : []),
  ]);
  return stops.filter((reason) => !known.has(acknowledgedKey(reason)));
}

/** A version that is held: its id is not published until what stops it is over or acknowledged. */
export class PolicyHeld extends AppError<"unavailable"> {
  readonly hold: UnsafeCode;

  constructor(reasons: readonly [UnsafeReason, ...UnsafeReason[]]) {
    super("unavailable", describeHold(reasons), { reason: "not_published_yet" });
    this.hold = reasons[0].code;
  }
}

/** What acknowledging a reason covers: of an MX host, that host only. */
export function acknowledgedKey({ code, mxHost }: Pick<UnsafeReason, "code" | "mxHost">): string {
  return code.startsWith("mx-") && mxHost ? `${code} ${mxHost}` : code;
}

/** Why a version is held, for its owner. */
function describeHold(reasons: readonly UnsafeReason[]): string {
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : "";
  return `It is held back so that no mail is refused: ${reasons[0]?.text ?? ""}${more} Senders keep what they had until this is fixed, or until you set another policy.`;
}
